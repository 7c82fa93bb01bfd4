import { describe, expect, it } from 'vitest';
import { mcnemar } from '../../src/stats/mcnemar.ts';

describe('mcnemar', () => {
  // statsmodels 0.14, mcnemar(exact=True). 59 and 6 are McNemar's presidential approval example in Agresti's book.
  it.each([
    [1, 0, 1],
    [5, 12, 0.143463134765625],
    [20, 3, 0.00048828125],
    [59, 6, 4.964650327128616e-12],
    [150, 121, 0.0887796125701743],
    [0, 30, 1.862645149230957e-9],
  ])('of %d against %d is %d', (b, c, p) => {
    expect(Math.abs(mcnemar(b, c) / p - 1)).toBeLessThan(1e-9);
  });

  it('is 1 for as many of the one as of the other, and for none', () => {
    expect([mcnemar(0, 0), mcnemar(7, 7)]).toEqual([1, 1]);
  });

  it('does not mind which is first', () => {
    expect(mcnemar(4, 19)).toBe(mcnemar(19, 4));
  });

  it.each([
    [-1, 3],
    [1.5, 3],
    [Number.NaN, 3],
  ])('refuses %d and %d', (b, c) => {
    expect(() => mcnemar(b, c)).toThrow(RangeError);
  });
});
