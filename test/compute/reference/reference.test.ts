import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkForward } from './compare-with-runtime.ts';
import { erf } from './erf.ts';
import { operatorCases } from './operator-cases.ts';

describe('the reference in doubles gives what the runtime gives', () => {
  for (const { name, cases } of operatorCases)
    test(`${name}`, () => fc.assert(fc.asyncProperty(cases, checkForward), { seed: 4, numRuns: 60 }));
});

test('erf has the digits of published tables', () => {
  // Abramowitz and Stegun, table 7.1, and DLMF 7.23 for erfc.
  const table = [
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.9999, 0.9999778955735178],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
  ] as const;
  for (const [x, y] of table) {
    expect(Math.abs(erf(x) - y)).toBeLessThanOrEqual(4e-16);
    expect(erf(-x)).toBeCloseTo(-erf(x), 15);
  }
});
