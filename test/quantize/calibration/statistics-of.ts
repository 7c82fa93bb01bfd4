import type { ValueStatistics } from '../../../src/compute/calibration/statistics.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

/** What calibration would say of these numbers. */
export function statisticsOf(numbers: readonly number[]): ValueStatistics {
  const min = numbers.reduce((least, x) => Math.min(least, x), Infinity);
  const max = numbers.reduce((most, x) => Math.max(most, x), -Infinity);
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)];
  const counts = new Float64Array(2048);
  for (const x of numbers) {
    const bin = high === low ? 0 : Math.min(2047, Math.floor(((x - low) / (high - low)) * 2048));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    elements: numbers.length,
    runs: 1,
    min,
    max,
    averageMin: min,
    averageMax: max,
    histogram: { low, high, counts },
    channels: null,
  };
}

const random = createRandom(3, 'ranges');
const many = (make: () => number) => Array.from({ length: 20_000 }, make);

/** Distributions as activations have them. */
export const samples: Readonly<Record<string, readonly number[]>> = {
  normal: many(() => random.normal()),
  shifted: many(() => random.normal() * 0.5 + 1),
  relu: many(() => Math.max(0, random.normal())),
  negative: many(() => -Math.max(0, random.normal())),
  heavyTails: many(() => random.normal() ** 5),
  outliers: many(() => (random.next() < 0.001 ? 40 * random.next() : random.normal())),
  skewed: many(() => Math.exp(random.normal()) - 0.2),
  uniform: many(() => random.next() * 3 - 1),
  gelu: many(() => ((x) => x / (1 + Math.exp(-1.702 * x)))(random.normal() * 2)),
};
