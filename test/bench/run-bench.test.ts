import { describe, expect, it } from 'vitest';
import type { BenchFindings } from '../../src/bench/bench-result.ts';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { runBench } from '../../src/bench/run-bench.ts';
import { benchResult, environment } from '../report/fixture-bench-result.ts';
import type { OptionsSketch } from './scripted-bench.ts';
import { benchOptions, measureByScript, onlyPoint, runFailed, scripted, signatureOf } from './scripted-bench.ts';

describe('what cannot be measured', () => {
  it('skips batches that the model does not take', async () => {
    const { findings } = await measureByScript({ axes: { batches: [1, 4] } }, { signature: () => signatureOf([4, 8]) });
    expect(findings.points.map(({ batch, status, reason }) => [batch, status, reason])).toEqual([
      [1, 'skipped', { code: 'fixed-batch', details: { batch: 1, fixed: 4 } }],
      [4, 'ok', null],
    ]);
  });

  it('runs a model without a batch axis at 1 alone', async () => {
    const { findings } = await measureByScript(
      { axes: { batches: [1, 4] } },
      { signature: () => signatureOf([3, 8, 8]) },
    );
    expect(findings.points.map(({ batch, status, reason }) => [batch, status, reason?.code])).toEqual([
      [1, 'ok', undefined],
      [4, 'skipped', 'no-batch-axis'],
    ]);
  });

  it('names the batch that dimensions or the model settle', async () => {
    const batchOf = async (...args: Parameters<typeof measureByScript>) => {
      const { findings } = await measureByScript(...args);
      return [onlyPoint(findings).batch, onlyPoint(findings).throughput?.itemsPerSecond.value];
    };
    const rate = (items: number) => [items, expect.closeTo(1000 * items, 6)];
    expect(await batchOf({ axes: { dims: { batch: [6] } } })).toEqual(rate(6));
    expect(await batchOf({}, { signature: () => signatureOf([5, 8]) })).toEqual(rate(5));
    expect(await batchOf({}, { signature: () => signatureOf([3, 8, 8]) })).toEqual([null, expect.closeTo(1000, 6)]);
  });

  it('fails a point whose probe dies, and no other', async () => {
    const { findings } = await measureByScript(
      { axes: { batches: [1, 2, 4] } },
      {
        runMs: ({ feeds }) => {
          if (feeds['x']?.dims[0] === 2) throw runFailed;
          return 1;
        },
      },
    );
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'failed', 'ok']);
    expect(findings.points[1]).toMatchObject({ reason: { code: 'run-failed' }, latencyMs: null, rounds: [] });
  });

  it('fails a point that dies in its rounds, keeps its finished ones and goes on with the others', async () => {
    let blocks = 0;
    const { findings } = await measureByScript(
      { axes: { threads: [1, 2] } },
      {
        runMs: ({ options, run }) => {
          if (options.threads === 1 && run === 0) blocks += 1;
          if (options.threads === 1 && blocks === 3) throw runFailed;
          return 1;
        },
      },
    );
    expect(findings.points.map(({ status, rounds }) => [status, rounds.length])).toEqual([
      ['failed', 2],
      ['ok', 3],
    ]);
    expect(findings.points[0]).toMatchObject({ reason: runFailed.finding, latencyMs: { samples: 40 } });
    expect(findings.best).toMatchObject({ latency: 1, throughput: 1 });
  });

  it.each<[string, OptionsSketch, object]>([
    [
      'dimension',
      { axes: { dims: { sequence: [8] } } },
      { code: 'unknown-dimension', details: { dimension: 'sequence' } },
    ],
    ['shape', { inputs: { shapes: { z: [1] } } }, { code: 'unknown-input', details: { input: 'z', known: ['x'] } }],
    ['value', { inputs: { values: { z: { kind: 'scalar', text: '1' } } } }, { code: 'unknown-input' }],
    ['batch dimension', { inputs: { batchDimension: 'n' } }, { code: 'unknown-dimension' }],
    ['size', { inputs: { shapes: { x: [4, 5] } } }, { code: 'shape-mismatch' }],
  ])('refuses an impossible %s before anything is measured', async (_, sketch, error) => {
    const runtime = scripted();
    const kinds: string[] = [];
    const options = benchOptions({ ...sketch, runtime, onEvent: ({ kind }) => kinds.push(kind) });
    await expect(runBench(options)).rejects.toMatchObject({ name: 'UsageError', ...error });
    expect(kinds.filter((kind) => kind !== 'probing')).toEqual([]);
    expect(runtime.openSessions).toBe(0);
  });

  it('binds a dimension by its position too, in each model that has it', async () => {
    const { findings } = await measureByScript(
      { models: ['a.onnx', 'b.onnx'], axes: { dims: { 'x#1': [5], wide: [7] } } },
      { signature: ({ modelPath }) => signatureOf(modelPath === 'a.onnx' ? ['batch', 'deep'] : ['batch', 5, 'wide']) },
    );
    expect(findings.points.map(({ dims }) => dims)).toEqual([
      { batch: 1, deep: 5 },
      { batch: 1, wide: 7 },
    ]);
  });

  it('lets a bug through, and leaves no session behind', async () => {
    const runtime = scripted({
      runMs: ({ opened }) => {
        if (opened > 2) throw new TypeError('a bug');
        return 1;
      },
    });
    await expect(runBench(benchOptions({ runtime }))).rejects.toThrow('a bug');
    expect(runtime.openSessions).toBe(0);
  });
});

describe('the result', () => {
  const twoModels = { models: ['slow.onnx', 'fast.onnx'], axes: { batches: [1, 8] } };
  it('compares two models side by side', async () => {
    const { findings } = await measureByScript(twoModels, {
      runMs: ({ options }) => (options.modelPath === 'slow.onnx' ? 2 : 1),
    });
    expect(findings.comparisons).toHaveLength(2);
    for (const { point, against, speedup, pairs } of findings.comparisons) {
      expect([findings.points[point]?.model, findings.points[against]?.model]).toEqual(['fast.onnx', 'slow.onnx']);
      expect(findings.points[point]?.batch).toBe(findings.points[against]?.batch);
      expect(pairs).toBe(3);
      for (const figure of [speedup.value, speedup.low, speedup.high]) expect(figure).toBeCloseTo(2, 9);
    }
    expect(findings.points.map(({ latencyMs }) => latencyMs?.p50.value)).toEqual(
      [2, 2, 1, 1].map((ms) => expect.closeTo(ms, 9)),
    );
    expect(findings.points.map(({ throughput }) => throughput?.itemsPerSecond.value)).toEqual(
      [500, 4000, 1000, 8000].map((rate) => expect.closeTo(rate, 6)),
    );
    expect(findings.best).toMatchObject({ throughput: 3 });
  });

  it('fits its schema after a round trip through JSON', async () => {
    const { findings } = await measureByScript({
      ...twoModels,
      unusable: new Map(),
      protocol: { rounds: 2, maxRounds: 2 },
    });
    const { schemaVersion, kind, tool, createdAt, command } = benchResult([], []);
    const result = { schemaVersion, kind, tool, createdAt, command, environment, ...findings };
    const text = JSON.stringify(result);
    expect(benchResultSchema.parse(JSON.parse(text))).toEqual(result);
    expect(findings.models[1]).toEqual({
      path: 'fast.onnx',
      sha256: '0'.repeat(64),
      sizeBytes: 100,
      ...signatureOf(['batch', 4]),
    });
  });

  it('can be had after every round, as if nothing came after', async () => {
    const snapshots: BenchFindings[] = [];
    const worst: (number | null)[] = [];
    const { findings } = await measureByScript({
      onEvent: (event) => {
        if (event.kind !== 'round') return;
        snapshots.push(event.findings());
        worst.push(event.worstPrecision);
      },
    });
    expect(snapshots.map((snapshot) => onlyPoint(snapshot).rounds.length)).toEqual([1, 2, 3]);
    expect(worst).toEqual([null, 0, 0]);
    expect(snapshots.at(-1)?.points).toEqual(findings.points);
  });

  it('plans by the probes: what it says is what the blocks are then held to', async () => {
    const { events, findings } = await measureByScript({
      axes: { batches: [1, 2, 4], threads: [1, 2] },
      protocol: { minRuns: 40 },
    });
    const planned = events.find(({ event }) => event.kind === 'planned')?.event;
    expect(planned).toMatchObject({ points: 6, rounds: 3, runs: 40, budgetMs: 60_000, budgetIsHard: false });
    expect(findings.settings).toMatchObject({ minRuns: 40, roundsPlanned: 3, seed: 0, optimization: 'all' });
    for (const { latencyMs } of findings.points) expect(latencyMs?.samples).toBe(120);
  });
});
