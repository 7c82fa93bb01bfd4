import { describe, expect, it } from 'vitest';
import { minimumSamples } from '../../src/stats/minimum-samples.ts';

// Computed exactly from the rule of MLPerf's LoadGen; 662 is min_query_count in its mlperf.conf.
const overs = [0, 1, 2, 5, 10];
const table = [
  { confidence: 0.95, percentile: 0.9, expected: [29, 46, 61, 103, 167] },
  { confidence: 0.95, percentile: 0.95, expected: [59, 93, 124, 208, 336] },
  { confidence: 0.95, percentile: 0.99, expected: [299, 473, 628, 1049, 1693] },
  { confidence: 0.95, percentile: 0.999, expected: [2995, 4742, 6294, 10_511, 16_959] },
  { confidence: 0.99, percentile: 0.9, expected: [44, 64, 81, 127, 197] },
  { confidence: 0.99, percentile: 0.95, expected: [90, 130, 165, 259, 398] },
  { confidence: 0.99, percentile: 0.99, expected: [459, 662, 838, 1307, 2010] },
  { confidence: 0.99, percentile: 0.999, expected: [4603, 6636, 8403, 13_105, 20_140] },
];

describe('minimumSamples', () => {
  it.each(table)('is the tabled number at p $percentile and confidence $confidence', (row) => {
    const { percentile, confidence, expected } = row;
    expect(overs.map((t) => minimumSamples(percentile, t, confidence))).toEqual(expected);
  });

  it('without overs is the closed form log(1 - confidence) / log(percentile)', () => {
    for (const percentile of [0.5, 0.8, 0.975, 0.9999]) {
      expect(minimumSamples(percentile)).toBe(Math.ceil(Math.log(0.05) / Math.log(percentile)));
    }
  });

  it('refuses fractions outside (0, 1) and overs that cannot be counted', () => {
    expect(() => minimumSamples(1)).toThrow(RangeError);
    expect(() => minimumSamples(99)).toThrow(RangeError);
    expect(() => minimumSamples(0.9, 0, 1)).toThrow(RangeError);
    expect(() => minimumSamples(0.9, -1)).toThrow(RangeError);
    expect(() => minimumSamples(0.9, 0.5)).toThrow(RangeError);
  });
});
