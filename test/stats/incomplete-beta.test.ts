import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logBeta, regularizedIncompleteBeta } from '../../src/stats/incomplete-beta.ts';

const fraction = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const parameter = fc.double({ min: 0.1, max: 200, noNaN: true });

describe('logBeta', () => {
  it.each([
    [0.5, 0.5, Math.PI],
    [1, 7, 1 / 7],
    [5, 3, 1 / 105],
    [0.25, 0.75, Math.PI * Math.SQRT2],
  ])('of %d and %d is the logarithm of the closed form', (a, b, beta) => {
    expect(logBeta(a, b)).toBeCloseTo(Math.log(beta), 12);
  });
});

describe('regularizedIncompleteBeta', () => {
  it('meets its closed forms', () => {
    fc.assert(
      fc.property(fraction, parameter, (x, a) => {
        expect(regularizedIncompleteBeta(x, a, 1)).toBeCloseTo(x ** a, 12);
        expect(regularizedIncompleteBeta(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 12);
        expect(regularizedIncompleteBeta(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12);
      }),
    );
  });

  it('mirrors: I_x(a, b) + I_(1-x)(b, a) = 1', () => {
    fc.assert(
      fc.property(fraction, parameter, parameter, (x, a, b) => {
        expect(regularizedIncompleteBeta(x, a, b) + regularizedIncompleteBeta(1 - x, b, a)).toBeCloseTo(1, 10);
      }),
    );
  });

  it('is the upper tail of a binomial', () => {
    // P[Binomial(10, 0.3) >= 4] summed by hand: 1 - (0.0282475249 + 0.121060821 + 0.2334744405 + 0.266827932).
    expect(regularizedIncompleteBeta(0.3, 4, 7)).toBeCloseTo(0.3503892816, 10);
  });

  it('is a half in the middle of equal parameters, however large', () => {
    for (const a of [0.01, 1, 1e3, 1e6]) expect(regularizedIncompleteBeta(0.5, a, a)).toBeCloseTo(0.5, 8);
  });

  it('ends at 0 and 1 and refuses what is outside', () => {
    expect(regularizedIncompleteBeta(0, 2, 3)).toBe(0);
    expect(regularizedIncompleteBeta(1, 2, 3)).toBe(1);
    expect(() => regularizedIncompleteBeta(1.1, 2, 3)).toThrow(RangeError);
    expect(() => regularizedIncompleteBeta(0.5, 0, 3)).toThrow(RangeError);
    expect(() => regularizedIncompleteBeta(0.5, 2, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
