import { describe, expect, it } from 'vitest';
import { absoluteCounts } from '../../../src/quantize/calibration/absolute-counts.ts';
import { bestBins, entropy } from '../../../src/quantize/calibration/entropy.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { samples, statisticsOf } from './statistics-of.ts';

/** The divergence of one candidate, written out bin by bin. */
function divergence(counts: readonly number[], bins: number, levels: number): number {
  const p = counts.slice(0, bins);
  p[bins - 1] = (p[bins - 1] ?? 0) + counts.slice(bins).reduce((sum, count) => sum + count, 0);
  const q = p.map(() => 0);
  for (let level = 0; level < levels; level++) {
    const [from, to] = [Math.floor((level * bins) / levels), Math.floor(((level + 1) * bins) / levels)];
    const sum = counts.slice(from, to).reduce((sum, count) => sum + count, 0);
    const filled = p.slice(from, to).filter((count) => count > 0).length;
    for (let bin = from; bin < to; bin++) if ((p[bin] ?? 0) > 0) q[bin] = sum / filled;
  }
  const total = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0);
  const [ofP, ofQ] = [total(p), total(q)];
  if (ofQ === 0) return Infinity;
  return p.reduce((sum, count, bin) => {
    if (count === 0) return sum;
    const expected = (q[bin] ?? 0) / ofQ;
    return expected === 0 ? Infinity : sum + (count / ofP) * Math.log(count / ofP / expected);
  }, 0);
}

function naiveBins(counts: readonly number[], levels: number) {
  let best = { bins: counts.length, least: divergence(counts, counts.length, levels) };
  for (let bins = counts.length - 1; bins >= levels; bins--) {
    const least = divergence(counts, bins, levels);
    if (least < best.least) best = { bins, least };
  }
  return best;
}

describe('bestBins', () => {
  const random = createRandom(1, 'entropy');
  const shapes: Readonly<Record<string, (bin: number) => number>> = {
    bell: (bin) => Math.round(1e4 * Math.exp(-((bin / 60) ** 2))),
    tail: (bin) => Math.round(1e5 / (1 + bin) ** 2) + (bin === 299 ? 3 : 0),
    sparse: (bin) => (random.next() < 0.3 ? random.integer(50) * (bin < 200 ? 10 : 1) : 0),
    gap: (bin) => (bin < 90 || bin > 280 ? 10 + (bin % 7) : 0),
    flat: () => 100,
    fractions: (bin) => random.next() * Math.exp(-bin / 40),
  };
  it.each(Object.keys(shapes))('finds what a search bin by bin finds: %s', (name) => {
    const counts = Array.from({ length: 300 }, (_, bin) => shapes[name]?.(bin) ?? 0);
    for (const levels of [16, 64]) {
      const naive = naiveBins(counts, levels);
      const found = bestBins(Float64Array.from(counts), levels);
      // Equal but for rounding where several candidates are as good.
      expect(divergence(counts, found, levels)).toBeCloseTo(naive.least, 9);
    }
  });
});

describe('entropy', () => {
  const uint8 = { type: 'uint8' } as const;

  it('is the search of TensorRT on one side of zero, with the zeros of a Relu left out', () => {
    const stats = statisticsOf(samples['relu'] ?? []);
    const counts = Array.from(stats.histogram.counts);
    counts[0] = counts[1] ?? 0;
    const { least } = naiveBins(counts, 256);
    const { min, max } = entropy(stats, uint8);
    const bins = Math.round((max / stats.max) * 2048);
    expect(min).toBe(0);
    expect(divergence(counts, bins, 256)).toBeCloseTo(least, 9);
    const mirrored = entropy(statisticsOf(samples['relu']?.map((x) => -x) ?? []), uint8);
    expect(mirrored.max).toBe(0);
    expect(mirrored.min).toBeCloseTo(-max, 2);
  });

  it('leaves rare outliers out, symmetrically where there are both signs', () => {
    const numbers = samples['outliers'] ?? [];
    const { min, max } = entropy(statisticsOf([...numbers, -20]), { type: 'int8' });
    expect(max).toBeLessThan(20);
    expect(max).toBeGreaterThan(1.5);
    expect(min).toBe(-max);
  });

  it('takes all there is where there are more levels than bins', () => {
    const stats = statisticsOf(samples['outliers'] ?? []);
    expect(entropy(stats, { type: 'uint16' })).toEqual({ min: stats.min, max: stats.max });
  });
});

describe('absoluteCounts', () => {
  it.each(Object.keys(samples))('has as many of each size as absolute values have: %s', (name) => {
    const numbers = samples[name] ?? [];
    const { limit, counts } = absoluteCounts(statisticsOf(numbers).histogram);
    expect(limit).toBe(numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
    expect(counts.reduce((sum, count) => sum + count)).toBeCloseTo(numbers.length, 3);
    for (const share of [0.1, 0.25, 0.5, 0.9]) {
      const bin = Math.round(share * 2048);
      const below = counts.slice(0, bin).reduce((sum, count) => sum + count, 0);
      const real = numbers.filter((x) => Math.abs(x) < (limit * bin) / 2048).length;
      expect(Math.abs(below - real)).toBeLessThan(numbers.length * 0.01);
    }
  });
});
