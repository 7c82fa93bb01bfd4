import { describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { benchCsv, benchCsvHeader } from '../../src/report/bench-csv.ts';
import { benchMarkdown } from '../../src/report/bench-markdown.ts';
import { benchSetCsv } from '../../src/report/bench-set-csv.ts';
import { benchTable } from '../../src/report/bench-table.ts';
import { benchSet } from '../../src/result/bench-set.ts';
import { loadCase, searchCase } from './bench-load-cases.ts';
import { parseCsv } from './csv-parser.ts';

const cases = [
  ['load', loadCase()],
  ['search', searchCase()],
] as const;

describe('load in reports', () => {
  it.each(cases)('fits its schema: %s', (_, result) => {
    expect(benchResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it.each(cases)('is drawn as a table, within the width: %s', async (name, result) => {
    const text = benchTable(result, { color: false, width: 120 });
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(120);
    await expect(text).toMatchFileSnapshot(`golden/bench-${name}.txt`);
  });

  it.each(cases)('is written as Markdown: %s', async (name, result) => {
    await expect(benchMarkdown(result)).toMatchFileSnapshot(`golden/bench-${name}.md`);
  });

  it('has a record in CSV for each rate, and one for a point without', () => {
    const rows = parseCsv(benchCsv(loadCase()));
    expect(rows).toHaveLength(1 + 7);
    const column = (name: string) => rows.slice(1).map((row) => row[benchCsvHeader.indexOf(name)]);
    expect(column('loadAsked')).toEqual(['0.5x', '0.8x', '600/s', 'max', '0.5x', '1200/s', '10/s']);
    expect(column('threads')).toEqual(['1', '1', '1', '1', '2', '2', '2']);
    expect(column('fromArrivalP99Ms').slice(2, 4)).toEqual(['44.1', '']);
    expect(column('loadValid')[4]).toBe('false');
    expect(column('meetsObjective').slice(0, 3)).toEqual(['met', 'undecided', 'missed']);
    const searched = parseCsv(benchCsv(searchCase()));
    expect(searched).toHaveLength(1 + 6);
    expect(searched[1]?.[benchCsvHeader.indexOf('maxRatePerSecond')]).toBe('466.2');
  });

  it('holds each record of several results against its own point', () => {
    const set = benchSet([
      { path: 'a.json', result: loadCase() },
      { path: 'b.json', result: loadCase() },
    ]);
    const rows = parseCsv(benchSetCsv(set));
    expect(rows).toHaveLength(1 + 14);
    expect(rows.slice(8).map((row) => row[2])).toEqual(Array.from({ length: 7 }, () => '1'));
  });
});
