import { describe, expect, it } from 'vitest';
import { studentTQuantile, studentTUpperTail } from '../../src/stats/student-t.ts';

describe('studentTQuantile', () => {
  // Published tables (NIST/SEMATECH e-Handbook 1.3.6.7.2 to three digits; R's qt to nine).
  it.each([
    [1, 12.7062047],
    [2, 4.30265273],
    [4, 2.77644511],
    [9, 2.26215716],
    [30, 2.04227246],
  ])('with %d degrees of freedom leaves 2.5 percent above %d, as tabled', (degreesOfFreedom, expected) => {
    expect(Math.abs(studentTQuantile(0.975, degreesOfFreedom) / expected - 1)).toBeLessThan(3e-9);
  });

  it('comes down to the normal distribution', () => {
    expect(studentTQuantile(0.975, 120)).toBeCloseTo(1.97993, 5);
    // Cornish and Fisher: z + (z^3 + z) / (4 df) + ...
    const z = 1.959963984540054;
    expect(studentTQuantile(0.975, 1e6)).toBeCloseTo(z + (z ** 3 + z) / 4e6, 8);
  });

  it('meets its closed forms: the Cauchy distribution and two degrees of freedom', () => {
    for (const p of [1e-9, 0.01, 0.3, 0.499, 0.50001, 0.75, 0.9995]) {
      const cauchy = -1 / Math.tan(Math.PI * p);
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(Math.abs(studentTQuantile(p, 1) / cauchy - 1)).toBeLessThan(1e-8);
      expect(Math.abs(studentTQuantile(p, 2) / two - 1)).toBeLessThan(1e-8);
    }
  });

  it('is odd about a half', () => {
    expect(studentTQuantile(0.5, 3)).toBe(0);
    expect(studentTQuantile(0.025, 7)).toBeCloseTo(-studentTQuantile(0.975, 7), 12);
  });

  it('refuses probabilities of 0 and 1 and no degrees of freedom', () => {
    for (const p of [0, 1, Number.NaN]) expect(() => studentTQuantile(p, 3)).toThrow(RangeError);
    for (const degreesOfFreedom of [0, -1, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => studentTQuantile(0.975, degreesOfFreedom)).toThrow(RangeError);
    }
  });
});

describe('studentTUpperTail', () => {
  it('is what the quantile leaves above it', () => {
    // With many degrees of freedom a small tail is far from where the search begins.
    for (const degreesOfFreedom of [1, 4, 19, 300, 10_000]) {
      for (const p of [1e-9, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999]) {
        const tail = studentTUpperTail(studentTQuantile(1 - p, degreesOfFreedom), degreesOfFreedom);
        // 1 - p has lost the last digits of a small p.
        expect(Math.abs(tail / (1 - (1 - p)) - 1)).toBeLessThan(1e-8);
      }
    }
  });

  it('refuses what is no number', () => {
    expect(() => studentTUpperTail(Number.NaN, 3)).toThrow(RangeError);
  });
});
