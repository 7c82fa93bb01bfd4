import { describe, expect, it } from 'vitest';
import { expectedSqnrDb, expectedSquaredError } from '../../../src/quantize/calibration/expected-error.ts';
import { mse } from '../../../src/quantize/calibration/mse.ts';
import type { IntegerTarget } from '../../../src/quantize/calibration/range-method.ts';
import type { QuantizationParameters, RealRange } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import {
  dequantizeNumber,
  quantizeNumber,
  scaleAndZeroPoint,
} from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { samples, statisticsOf } from './statistics-of.ts';

const uint8: IntegerTarget = { type: 'uint8', symmetric: false, reduced: false };
const int8: IntegerTarget = { type: 'int8', symmetric: true, reduced: false };
const uint16: IntegerTarget = { type: 'uint16', symmetric: false, reduced: false };
const names = Object.keys(samples);

/** The error itself, number by number. */
function squaredError(numbers: readonly number[], parameters: QuantizationParameters): number {
  return numbers.reduce((sum, x) => sum + (x - dequantizeNumber(quantizeNumber(x, parameters), parameters)) ** 2, 0);
}

describe('expectedSqnrDb', () => {
  // Where most elements are 0, or near it, a bin says too little of them.
  const limits: Readonly<Record<string, number>> = { relu: 0.3, negative: 0.3, heavyTails: 1.5 };
  it.each(names)('is what quantizing the numbers themselves gives: %s', (name) => {
    const numbers = samples[name] ?? [];
    const isRelu = name === 'relu' || name === 'negative';
    const { histogram } = statisticsOf(numbers);
    const { low, high } = histogram;
    for (const target of isRelu ? [uint8, int8] : [uint8, int8, uint16]) {
      for (const share of [1, 0.8, 0.4]) {
        const parameters = scaleAndZeroPoint({ min: low * share, max: high * share }, target);
        const squares = numbers.reduce((sum, x) => sum + x * x, 0);
        const real = 10 * Math.log10(squares / squaredError(numbers, parameters));
        expect(Math.abs(expectedSqnrDb(histogram, parameters) - real)).toBeLessThan(limits[name] ?? 0.1);
      }
    }
  });

  it('is without noise for zeros', () => {
    const { histogram } = statisticsOf([0, 0]);
    expect(expectedSqnrDb(histogram, { type: 'uint8', scale: 1, zeroPoint: 0 })).toBe(Infinity);
  });
});

describe('expectedSquaredError', () => {
  it('is a twelfth of a squared step for numbers spread evenly, and the rest of what is clipped', () => {
    const histogram = { low: 0, high: 4, counts: new Float64Array(2048).fill(1) };
    // 0 to 2 in steps of 1 with 2 the last one, and 2 to 4 beyond it: the mean of (x - 2)² there is 4/3.
    const parameters = { type: 'uint8', scale: 1, zeroPoint: 253 } as const;
    expect(expectedSquaredError(histogram, parameters)).toBeCloseTo(1024 / 12 + (1024 * 4) / 3, 6);
  });
});

describe('mse', () => {
  const cases = names.flatMap((name) => [uint8, int8].map((target) => ({ name, target })));
  it.each(cases)('is as good as the best of a search over the numbers: $name $target.type', ({ name, target }) => {
    const numbers = (samples[name] ?? []).slice(0, 5000);
    const stats = statisticsOf(numbers);
    const { low, high } = stats.histogram;
    const error = (range: RealRange) => squaredError(numbers, scaleAndZeroPoint(range, target));
    const shares = Array.from({ length: 10 }, (_, step) => 1 - step * 0.075);
    const ends = (end: number) => (end === 0 ? [0] : shares.map((share) => end * share));
    const errors = ends(low).flatMap((min) => ends(high).map((max) => error({ min, max })));
    const found = error(mse(stats, target));
    expect(found).toBeLessThanOrEqual(Math.min(...errors) * 1.03);
  });

  it('keeps everything where 16 bits have room for it', () => {
    const stats = statisticsOf(samples['uniform'] ?? []);
    const { min, max } = mse(stats, uint16);
    expect(min).toBeCloseTo(stats.min, 1);
    expect(max).toBeCloseTo(stats.max, 1);
  });
});
