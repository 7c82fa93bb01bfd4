import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benchCsv } from '../../src/report/bench-csv.ts';
import { gpuCase, languageCase, mixedCase, sweepCase } from './bench-cases.ts';
import { csvObjects, parseCsv } from './csv-parser.ts';
import { benchResult, okPoint } from './fixture-bench-result.ts';

describe('benchCsv', () => {
  it.each([
    ['sweep', sweepCase()],
    ['mixed', mixedCase()],
    ['gpu', gpuCase()],
    ['language', languageCase()],
  ])('writes the %s case', async (name, result) => {
    await expect(benchCsv(result)).toMatchFileSnapshot(`golden/bench-${name}.csv`);
  });

  it('holds every number of the JSON, unrounded, and nothing where it is null', () => {
    const result = sweepCase();
    const rows = csvObjects(benchCsv(result));
    expect(rows).toHaveLength(result.points.length);
    for (const [index, point] of result.points.entries()) {
      const row = rows[index] ?? {};
      expect(Number(row['p50Ms'])).toBe(point.latencyMs?.p50.value);
      expect(Number(row['p50MsLow'])).toBe(point.latencyMs?.p50.low);
      expect(Number(row['p50MsHigh'])).toBe(point.latencyMs?.p50.high);
      expect(row['p99Ms']).toBe(String(point.latencyMs?.p99?.value ?? ''));
      expect(Number(row['itemsPerSecond'])).toBe(point.throughput?.itemsPerSecond.value);
      expect(Number(row['peakRssBytes'])).toBe(point.peakRssBytes);
    }
  });

  it('survives any model name: commas, quotes and line breaks', () => {
    const name = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '='), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (models) => {
        const points = models.map((_, modelIndex) => okPoint(models, { modelIndex, p50: 1.5 + modelIndex }));
        const text = benchCsv(benchResult(models, points));
        const widths = new Set(parseCsv(text).map((record) => record.length));
        expect(widths.size).toBe(1);
        const rows = csvObjects(text);
        expect(rows.map((row) => row['model'])).toEqual(models);
        expect(rows.map((row) => Number(row['p50Ms']))).toEqual(points.map((point) => point.latencyMs?.p50.value));
      }),
      { seed: 1 },
    );
  });
});
