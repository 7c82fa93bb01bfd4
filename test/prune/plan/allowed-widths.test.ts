import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedWidths, nearestWidth } from '../../../src/prune/plan/allowed-widths.ts';

const conv = { kind: 'channels', touchesConv: true, roundTo: null } as const;
const neurons = { kind: 'neurons', touchesConv: false, roundTo: null } as const;

describe('allowedWidths', () => {
  test('of convolutions are multiples of 16, of small ones 8, of smaller ones 4', () => {
    expect(allowedWidths({ ...conv, units: 64 })).toEqual([16, 32, 48, 64]);
    expect(allowedWidths({ ...conv, units: 72 })).toEqual([16, 32, 48, 64, 72]);
    expect(allowedWidths({ ...conv, units: 24 })).toEqual([8, 16, 24]);
    expect(allowedWidths({ ...conv, units: 12 })).toEqual([4, 8, 12]);
    expect(allowedWidths({ ...conv, units: 6 })).toEqual([4, 6]);
    expect(allowedWidths({ ...conv, units: 3 })).toEqual([3]);
    expect(allowedWidths({ ...conv, units: 1 })).toEqual([1]);
  });

  test('round to what was asked for, and to 4 in convolutions all the same', () => {
    expect(allowedWidths({ ...conv, units: 64, roundTo: 32 })).toEqual([32, 64]);
    expect(allowedWidths({ ...conv, units: 12, roundTo: 1 })).toEqual([4, 8, 12]);
    expect(allowedWidths({ ...conv, units: 30, roundTo: 6 })).toEqual([12, 24, 30]);
    expect(allowedWidths({ ...neurons, units: 20, roundTo: 8 })).toEqual([8, 16, 20]);
    expect(allowedWidths({ ...neurons, units: 5 })).toEqual([1, 2, 3, 4, 5]);
  });

  test('of a stream are those of convolutions where one is on it', () => {
    expect(allowedWidths({ kind: 'width', touchesConv: true, units: 32, roundTo: null })).toEqual([16, 32]);
    expect(allowedWidths({ kind: 'width', touchesConv: false, units: 3, roundTo: null })).toEqual([1, 2, 3]);
  });

  test('of heads are all but none, whatever was asked for', () => {
    expect(allowedWidths({ kind: 'heads', touchesConv: false, units: 4, roundTo: 16 })).toEqual([1, 2, 3, 4]);
  });

  test('count the channels of a unit', () => {
    expect(allowedWidths({ ...conv, units: 32, channelsPerUnit: 4 })).toEqual([4, 8, 12, 16, 20, 24, 28, 32]);
  });

  test('never hold 0, always the whole, and no width that is not a multiple of 4 in convolutions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom('channels', 'neurons', 'heads', 'width'),
        fc.option(fc.integer({ min: 1, max: 64 })),
        fc.boolean(),
        (units, kind, roundTo, touchesConv) => {
          const widths = allowedWidths({ units, kind, roundTo, touchesConv });
          expect(widths.at(-1)).toBe(units);
          expect(widths).toEqual(widths.toSorted((a, b) => a - b));
          expect(widths[0]).toBeGreaterThan(0);
          const odd = widths.slice(0, -1).filter((width) => kind === 'channels' && width % 4 !== 0);
          expect(odd).toEqual([]);
        },
      ),
    );
  });
});

test('nearestWidth takes the wider of two', () => {
  expect(nearestWidth([16, 32, 48], 24)).toBe(32);
  expect(nearestWidth([16, 32, 48], 23)).toBe(16);
  expect(nearestWidth([16, 32, 48], 0)).toBe(16);
  expect(() => nearestWidth([], 3)).toThrow(RangeError);
});
