import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalibrationCache, writeCalibrationCache } from '../../../src/quantize/calibration/calibration-cache.ts';
import {
  packCounts,
  packDoubles,
  unpackCounts,
  unpackDoubles,
} from '../../../src/quantize/calibration/packed-numbers.ts';
import { samples, statisticsOf } from './statistics-of.ts';

const channels = {
  axis: 1,
  means: Float64Array.of(0.1, -2),
  absMax: Float64Array.of(3, 4),
  absMeans: Float64Array.of(0.2, 2),
};
const cache = {
  tool: { name: 'infer', version: '0.1.0' },
  model: { sha256: 'abc' },
  data: { path: 'images', hash: 'def', samples: 20, seed: 1 },
  values: new Map([
    ['relu/out:0', statisticsOf(samples['relu'] ?? [])],
    ['y', { ...statisticsOf(samples['normal'] ?? []), channels }],
    ['zeros', statisticsOf([0, 0, 0])],
  ]),
};
const text = writeCalibrationCache(cache);
const ofModel = { sha256: 'abc' };
/** The file with some of it changed. */
const changed = (change: object) => JSON.stringify({ ...JSON.parse(text), ...change });

describe('the calibration cache', () => {
  it('comes back as it was written', () => {
    expect(readCalibrationCache(text, ofModel)).toEqual({ state: 'read', cache });
    expect(readCalibrationCache(`\uFEFF${text}`, ofModel).state).toBe('read');
  });

  it('shows plain numbers to whoever opens it', () => {
    const { values } = JSON.parse(text);
    const numbers = samples['normal'] ?? [];
    expect(values.y).toMatchObject({ elements: 20_000, min: Math.min(...numbers), max: Math.max(...numbers) });
    expect(values.y.mean).toBeCloseTo(numbers.reduce((sum, x) => sum + x) / numbers.length, 2);
    expect(text.length).toBeLessThan(15_000);
  });

  it('is not taken for another model, nor from a newer version', () => {
    expect(readCalibrationCache(text, { sha256: 'xyz' })).toEqual({
      state: 'other-model',
      found: 'abc',
      expected: 'xyz',
    });
    const newer = { state: 'too-new', found: 2, supported: 1 };
    expect(readCalibrationCache(changed({ schemaVersion: 2, values: 'otherwise' }), ofModel)).toEqual(newer);
  });

  it.each([
    { what: 'no JSON', text: text.slice(0, 100), problem: 'the file' },
    { what: 'another kind', text: changed({ kind: 'bench' }), problem: 'kind' },
    { what: 'a part missing', text: changed({ data: { path: 'images' } }), problem: "'data.hash'" },
    {
      what: 'counts cut off',
      text: text.replace(/"counts": "[^"]{8}/, '"counts": "'),
      problem: "the numbers of 'relu/out:0' do not fit together",
    },
    { what: 'a range that is none', text: text.replace(/"min": -/, '"min": 9'), problem: "the numbers of 'y'" },
    {
      what: 'channels cut off',
      text: text.replace(/"absMax": "[^"]{4}/, '"absMax": "'),
      problem: "the numbers of 'y'",
    },
  ])('tells of $what', ({ text, problem }) => {
    const reading = readCalibrationCache(text, ofModel);
    expect(reading.state).toBe('malformed');
    expect(reading).toHaveProperty('problem', expect.stringContaining(problem));
  });
});

describe('packed numbers', () => {
  it('come back', () => {
    const counts = fc.array(fc.oneof(fc.nat(300), fc.maxSafeNat()), { maxLength: 20 });
    fc.assert(
      fc.property(counts, (counts) => {
        const array = Float64Array.from(counts);
        expect(unpackCounts(packCounts(array), array.length)).toEqual(array);
        expect(unpackCounts(packCounts(array), array.length + 1)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.double()), (numbers) => {
        expect(unpackDoubles(packDoubles(Float64Array.from(numbers)))).toEqual(Float64Array.from(numbers));
      }),
    );
    expect(unpackDoubles('AAAA')).toBeNull();
  });
});
