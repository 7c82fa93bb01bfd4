import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from '../../../src/quantize/calibration/percentile.ts';
import type { IntegerTarget } from '../../../src/quantize/calibration/range-method.ts';
import { candidateRanges, rangeMethods } from '../../../src/quantize/calibration/range-methods.ts';
import { samples, statisticsOf } from './statistics-of.ts';

const uint8: IntegerTarget = { type: 'uint8', symmetric: false, reduced: false };
const targets: readonly IntegerTarget[] = [
  uint8,
  { type: 'int8', symmetric: true, reduced: false },
  { type: 'uint8', symmetric: false, reduced: true },
  { type: 'int16', symmetric: true, reduced: false },
  { type: 'uint16', symmetric: false, reduced: false },
];
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

describe('every range', () => {
  it('lies within the extremes, holds 0 and has an extent where the value has one', () => {
    const numbers = fc.array(fc.float({ noNaN: true, min: -(2 ** 100), max: 2 ** 100 }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(numbers, fc.constantFrom(...targets), (numbers, target) => {
        const stats = statisticsOf(numbers);
        const { low, high } = stats.histogram;
        for (const [name, method] of Object.entries(rangeMethods)) {
          const { min, max } = method(stats, target);
          const isSound = min >= low && min <= 0 && max <= high && max >= 0 && (max > min || low === high);
          expect(isSound, `${name} ${min} ${max}`).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, 3, -0.5])('is all there is for a constant %d', (number) => {
    const stats = statisticsOf([number, number, number]);
    const range = { min: Math.min(number, 0), max: Math.max(number, 0) };
    for (const target of targets) {
      expect(candidateRanges(stats, target)).toEqual([{ methods: Object.keys(rangeMethods), range }]);
    }
  });
});

describe('minmax and moving-average', () => {
  it('take extremes, and their averages within them', () => {
    const stats = { ...statisticsOf([1, 2, 8]), averageMin: 1.5, averageMax: 6 };
    expect(rangeMethods.minmax(stats, uint8)).toEqual({ min: 0, max: 8 });
    expect(rangeMethods['moving-average'](stats, uint8)).toEqual({ min: 0, max: 6 });
    const beyond = { ...statisticsOf([-1, 8]), averageMin: -3, averageMax: 9 };
    expect(rangeMethods['moving-average'](beyond, uint8)).toEqual({ min: -1, max: 8 });
  });
});

describe('percentile', () => {
  it.each(Object.keys(samples))('cuts off what lies beyond in sorted data, to a bin: %s', (name) => {
    const numbers = samples[name] ?? [];
    const stats = statisticsOf(numbers);
    const { low, high } = stats.histogram;
    const bin = (high - low) / 2048 + 1e-9;
    for (const percent of [99, 99.9, 99.999]) {
      const order = sorted(numbers);
      const most = (order.length * (1 - percent / 100)) / 2;
      // The first element that has to stay.
      const first = Math.min(order[Math.floor(most + 1e-6)] ?? 0, 0);
      const last = Math.max(order[order.length - 1 - Math.floor(most + 1e-6)] ?? 0, 0);
      const { min, max } = percentile(stats, { percent });
      expect(Math.abs(min - first)).toBeLessThanOrEqual(bin);
      expect(Math.abs(max - last)).toBeLessThanOrEqual(bin);
      expect(min).toBeLessThanOrEqual(first + 1e-9);
      expect(max).toBeGreaterThanOrEqual(last - 1e-9);
    }
  });

  it.each(Object.keys(samples))('is as far on both sides where asked: %s', (name) => {
    const numbers = samples[name] ?? [];
    const stats = statisticsOf(numbers);
    const { low, high } = stats.histogram;
    const order = sorted(numbers.map(Math.abs));
    const limit = order[order.length - 1 - Math.floor(order.length * 0.01 + 1e-6)] ?? 0;
    const { min, max } = percentile(stats, { percent: 99, symmetric: true });
    expect(Math.abs(Math.max(-min, max) - limit)).toBeLessThanOrEqual((2 * (high - low)) / 2048);
    expect(min === -max || min === low || max === high).toBe(true);
  });

  it('clips nothing by default where a hundred-thousandth is less than an element', () => {
    expect(percentile(statisticsOf(samples['normal']?.slice(0, 5000) ?? []))).toEqual(
      rangeMethods.minmax(statisticsOf(samples['normal']?.slice(0, 5000) ?? []), uint8),
    );
  });
});

describe('candidateRanges', () => {
  it('tells each range once, with all who choose it', () => {
    const stats = statisticsOf(samples['outliers'] ?? []);
    const candidates = candidateRanges(stats, uint8);
    expect(candidates[0]?.methods).toContain('minmax');
    expect(candidates.flatMap(({ methods }) => methods).toSorted()).toEqual(Object.keys(rangeMethods).toSorted());
    expect(new Set(candidates.map(({ range }) => JSON.stringify(range))).size).toBe(candidates.length);
    expect(candidates.length).toBeGreaterThan(2);
  });
});
