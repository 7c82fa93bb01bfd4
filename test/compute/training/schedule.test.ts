import { expect, test } from 'vitest';
import { learningRateAt } from '../../../src/compute/training/schedule.ts';

const schedule = { steps: 110, warmUp: 10, peak: 0.01, floor: 0.001 };

test('grows in a line to the peak, then falls along half a cosine to the floor', () => {
  const rates = Array.from({ length: schedule.steps }, (_, step) => learningRateAt(step, schedule));
  for (let step = 0; step <= 10; step++) expect(rates[step]).toBeCloseTo((0.01 * (step + 1)) / 11, 12);
  expect(Math.max(...rates)).toBe(rates[10]);
  // Half way down and a quarter of the way: cos(π/2) = 0, cos(π/4) = √½.
  expect(rates[60]).toBeCloseTo(0.0055, 12);
  expect(rates[35]).toBeCloseTo(0.001 + (0.009 * (1 + Math.SQRT1_2)) / 2, 12);
  for (let step = 11; step < 110; step++) expect(rates[step]).toBeLessThan(rates[step - 1] ?? 0);
  expect(learningRateAt(110, schedule)).toBe(0.001);
  expect(learningRateAt(500, schedule)).toBe(0.001);
});

test('starts at the peak without a warm-up', () => {
  expect(learningRateAt(0, { ...schedule, warmUp: 0 })).toBeCloseTo(0.01, 12);
});

test('a training that is all warm-up never exceeds its peak', () => {
  for (let step = 0; step < 10; step++) {
    const rate = learningRateAt(step, { ...schedule, steps: 5 });
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThanOrEqual(0.01);
  }
});
