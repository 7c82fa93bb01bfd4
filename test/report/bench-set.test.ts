import { describe, expect, it } from 'vitest';
import type { BenchResult } from '../../src/bench/bench-result.ts';
import { benchSetCsv } from '../../src/report/bench-set-csv.ts';
import { benchSetMarkdown } from '../../src/report/bench-set-markdown.ts';
import { benchSetTable } from '../../src/report/bench-set-table.ts';
import type { BenchSet } from '../../src/result/bench-set.ts';
import { benchSet } from '../../src/result/bench-set.ts';
import { sweepCase } from './bench-cases.ts';
import { csvObjects } from './csv-parser.ts';
import { environment, estimate, unmeasuredPoint } from './fixture-bench-result.ts';

/** The sweep with its medians scaled, as another run or machine would give it. */
function scaled(factor: number, rest: Partial<BenchResult>): BenchResult {
  const base = sweepCase();
  const points = base.points.map((point) => {
    if (point.latencyMs === null) return point;
    return { ...point, latencyMs: { ...point.latencyMs, p50: estimate(point.latencyMs.p50.value * factor) } };
  });
  return { ...base, points, ...rest };
}

function threeResults(): BenchSet {
  const later = scaled(0.8, { createdAt: '2025-04-01T00:00:00.000Z' });
  const failed = unmeasuredPoint(['models/resnet50-v2-7.onnx'], {
    batch: 8,
    status: 'failed',
    reason: { code: 'out-of-memory', details: { model: 'm', stage: 'run', problem: 'killed' } },
  });
  const other = scaled(2.5, {
    environment: {
      ...environment,
      fingerprint: 'ffff000011112222',
      cpu: { ...environment.cpu, model: 'Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz', usableCores: 4 },
    },
  });
  return benchSet([
    { path: 'base.json', result: sweepCase() },
    { path: 'head.json', result: { ...later, points: [...later.points.slice(0, 7), failed] } },
    { path: 'other.json', result: { ...other, points: other.points.slice(0, 4) } },
  ]);
}

describe('a set of bench results', () => {
  it('draws the results side by side', async () => {
    const style = { color: false, width: 120 };
    await expect(benchSetTable(threeResults(), style)).toMatchFileSnapshot('golden/bench-set.txt');
  });

  it('writes the same as Markdown and CSV', async () => {
    await expect(benchSetMarkdown(threeResults())).toMatchFileSnapshot('golden/bench-set.md');
    await expect(benchSetCsv(threeResults())).toMatchFileSnapshot('golden/bench-set.csv');
  });

  it('gives ratios within a fingerprint only', () => {
    const rows = csvObjects(benchSetCsv(threeResults()));
    const ratios = (path: string) => rows.filter((row) => row['result'] === path).map((row) => row['speedupOverBase']);
    expect(ratios('base.json').every((ratio) => ratio === '')).toBe(true);
    expect(ratios('other.json').every((ratio) => ratio === '')).toBe(true);
    const measured = ratios('head.json').slice(0, 7).map(Number);
    for (const ratio of measured) expect(ratio).toBeCloseTo(1 / 0.8, 10);
    expect(ratios('head.json')[7]).toBe('');
  });

  it('gives no ratio where the inputs had another shape', () => {
    const base = sweepCase();
    const other = { ...base, points: base.points.map((point) => ({ ...point, dims: { N: 99 } })) };
    const set = benchSet([
      { path: 'a.json', result: base },
      { path: 'b.json', result: other },
    ]);
    expect(csvObjects(benchSetCsv(set)).every((row) => row['speedupOverBase'] === '')).toBe(true);
  });
});
