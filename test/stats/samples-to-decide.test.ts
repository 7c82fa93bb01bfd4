import { describe, expect, it } from 'vitest';
import { intervalAtSamples, samplesToDecide } from '../../src/stats/samples-to-decide.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';

describe('samplesToDecide', () => {
  const interval = { value: 0.01, low: -0.01, high: 0.03 };

  it('is four times the samples where half the width is needed', () => {
    const at = intervalAtSamples(interval, 100);
    expect(samplesToDecide(100, 0.02, at)).toBe(400);
    // Beyond the limit the other bound must come up to it, and over it.
    expect(samplesToDecide(100, 0.0, at)).toBe(401);
  });

  it('is null where the interval decides already or never will', () => {
    expect(samplesToDecide(100, 0.05, intervalAtSamples(interval, 100))).toBeNull();
    expect(samplesToDecide(100, 0.01, intervalAtSamples(interval, 100))).toBe(null);
    expect(samplesToDecide(100, 0.02, () => ({ value: 1, low: null, high: null }))).toBeNull();
  });

  it('is the fewest at which a proportion without successes is within its limit', () => {
    // z^2 / (n + z^2) <= 0.005 (Wilson's upper bound without successes).
    const square = 1.959963984540054 ** 2;
    const needed = Math.ceil(square / 0.005 - square);
    expect(samplesToDecide(100, 0.005, (n) => wilsonInterval(0, n))).toBe(needed);
  });
});
