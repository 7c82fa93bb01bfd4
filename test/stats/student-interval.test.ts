import { describe, expect, it } from 'vitest';
import { studentInterval } from '../../src/stats/student-interval.ts';

describe('studentInterval', () => {
  it('reaches a tabled number of standard errors to both sides of the logarithm', () => {
    const interval = studentInterval({
      center: Math.log(8),
      standardError: 0.1,
      degreesOfFreedom: 9,
      confidence: 0.95,
    });
    expect(interval.value).toBeCloseTo(8, 12);
    expect(interval.low).toBeCloseTo(8 * Math.exp(-0.226215716), 8);
    expect(interval.high).toBeCloseTo(8 * Math.exp(0.226215716), 8);
  });

  it('refuses a confidence outside (0, 1)', () => {
    const estimate = { center: 0, standardError: 1, degreesOfFreedom: 2 };
    expect(() => studentInterval({ ...estimate, confidence: 1 })).toThrow(RangeError);
  });
});
