import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../../src/cost/catalog/csv-records.ts';
import { csvText } from '../../../src/report/csv.ts';

const cells = (text: string) => csvRecords(text).map((record) => record.cells);

describe('csvRecords', () => {
  it('reads back what the reports write', () => {
    // Blanks around a cell that needs no quotes are nobody's.
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ';', 'é') });
    const row = fc.tuple(
      fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((s) => /^\w+$/.test(s)),
      cell,
      cell,
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), ([header = ['', '', ''], ...rows]) => {
        expect(cells(csvText(header, rows))).toEqual([header, ...rows]);
      }),
    );
  });

  it('tells the line a record starts at', () => {
    const records = csvRecords('\uFEFFa,b\r\n"1\n2",3\n\n4,5');
    expect(records).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1\n2', '3'] },
      { line: 5, cells: ['4', '5'] },
    ]);
  });

  it.each([
    ['', []],
    ['a', [['a']]],
    ['a, b ,\n', [['a', 'b', '']]],
    [',,\n1,2,3', [['1', '2', '3']]],
    ['"open', [['open']]],
    ['"a""b"c,d', [['a"bc', 'd']]],
  ])('reads %j', (text, expected) => expect(cells(text)).toEqual(expected));
});
