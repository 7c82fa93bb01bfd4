import { describe, expect, it } from 'vitest';
import { relativeHalfWidth } from '../../src/stats/interval.ts';

describe('relativeHalfWidth', () => {
  it('is the factor from the middle to a bound, less one', () => {
    expect(relativeHalfWidth({ value: 10, low: 10 / 1.03, high: 10 * 1.03 })).toBeCloseTo(0.03, 12);
    expect(relativeHalfWidth({ value: 10, low: 5, high: 20 })).toBe(1);
    expect(relativeHalfWidth({ value: 10, low: 10, high: 10 })).toBe(0);
  });

  it('is null without bounds', () => {
    expect(relativeHalfWidth({ value: 10, low: null, high: null })).toBeNull();
  });
});
