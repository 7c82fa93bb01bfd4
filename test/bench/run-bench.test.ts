import { describe, expect, it } from 'vitest';
import type { BenchEvent } from '../../src/bench/bench-event.ts';
import type { BenchFindings, Point } from '../../src/bench/bench-result.ts';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { runBench } from '../../src/bench/run-bench.ts';
import { conditionKey } from '../../src/bench/sweep.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { benchResult, environment } from '../report/fixture-bench-result.ts';
import type { OptionsSketch } from './scripted-bench.ts';
import { benchOptions, floats, scripted, signatureOf } from './scripted-bench.ts';

type BlockEvent = Extract<BenchEvent, { kind: 'block' }>;

/** Runs a bench by script and keeps its events, each with the time of the scripted clock. */
async function measure(sketch: OptionsSketch = {}, script: Partial<Script> = {}) {
  const runtime = scripted(script);
  const events: { event: BenchEvent; atMs: number }[] = [];
  const onEvent = (event: BenchEvent) => {
    events.push({ event, atMs: runtime.nowMs() });
    sketch.onEvent?.(event);
  };
  const findings = await runBench(benchOptions({ ...sketch, runtime, onEvent }));
  expect(runtime.openSessions).toBe(0);
  const blocks = events.flatMap(({ event }) => (event.kind === 'block' ? [event] : []));
  return { findings, runtime, events, blocks };
}

const names = (blocks: readonly BlockEvent[]) =>
  blocks.map(({ point }) => `${point.modelIndex} ${conditionKey(point)}`);
const inRound = (blocks: readonly BlockEvent[], round: number) => blocks.filter((block) => block.round === round);
const roundsTaken = ({ points }: BenchFindings) => points.map(({ rounds }) => rounds.length);
const only = ({ points: [point] }: BenchFindings): Point => {
  if (point === undefined) throw new Error('there is no point');
  return point;
};
const runFailed = new RuntimeError('run-failed', { model: 'a.onnx', provider: 'cpu', problem: 'scripted' });
const sweep = { axes: { batches: [1, 2, 4], threads: [1, 2] } };

describe('the order of blocks', () => {
  it('takes one block of every point a round, and reverses the order in the next', async () => {
    const { blocks, findings, runtime } = await measure({ ...sweep, protocol: { rounds: 4, maxRounds: 4 } });
    const orders = [0, 1, 2, 3].map((round) => names(inRound(blocks, round)));
    for (const order of orders) expect(new Set(order).size).toBe(6);
    expect(orders[1]).toEqual(orders[0]?.toReversed());
    expect(orders[3]).toEqual(orders[2]?.toReversed());
    expect(orders[2]).not.toEqual(orders[0]);
    // The sessions opened last are those of the blocks, each for the threads of its point.
    expect(runtime.opened.slice(-24).map(({ threads }) => threads)).toEqual(blocks.map(({ point }) => point.threads));
    const taken = findings.points.flatMap(({ rounds }) => rounds.map(({ order }) => order));
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, order) => order));
    expect(blocks.map(({ done, of }) => [done, of])).toEqual(Array.from({ length: 24 }, (_, at) => [at % 6, 6]));
  });

  it('is the same for the same seed, and another for another', async () => {
    const noisy = {
      runMs: ({ opened, run }: { opened: number; run: number }) => 1 + ((opened * 7 + run * 3) % 5) / 10,
    };
    const [first, again, other] = [
      await measure({ ...sweep, protocol: { seed: 3 } }, noisy),
      await measure({ ...sweep, protocol: { seed: 3 } }, noisy),
      await measure({ ...sweep, protocol: { seed: 4 } }, noisy),
    ];
    expect(names(again.blocks)).toEqual(names(first.blocks));
    expect(again.findings).toEqual(first.findings);
    expect(names(other.blocks)).not.toEqual(names(first.blocks));
  });

  it('opens as many sessions as a point has instances', async () => {
    const { runtime, findings } = await measure({
      axes: { instances: [3], threads: [1] },
      protocol: { rounds: 1, maxRounds: 1 },
    });
    // One to read the inputs, one to probe, three to measure.
    expect(runtime.opened).toHaveLength(5);
    expect(only(findings).throughput?.runsPerSecond.value).toBeCloseTo(3000, 6);
  });
});

describe('when to stop', () => {
  const noisyBlocks = ({ opened }: { opened: number }) => (opened % 2 === 0 ? 1 : 2);

  it('stops at the precision, but not before ten rounds', async () => {
    const { findings } = await measure({ protocol: { maxRounds: 30 } });
    expect(roundsTaken(findings)).toEqual([10]);
    expect(only(findings)).toMatchObject({ precision: 0, reachedPrecision: true });
  });

  it('goes on to the most rounds where the precision is not reached', async () => {
    const { findings } = await measure({ protocol: { maxRounds: 15 } }, { runMs: noisyBlocks });
    expect(roundsTaken(findings)).toEqual([15]);
    expect(only(findings).reachedPrecision).toBe(false);
    expect(findings.warnings.map(({ code }) => code)).toContain('precision-missed');
  });

  it('goes on with those alone that need it, and with whatever they are compared with', async () => {
    const { findings } = await measure(
      { models: ['a.onnx', 'b.onnx'], axes: { batches: [1, 2] }, protocol: { maxRounds: 13 } },
      {
        runMs: ({ options, opened, feeds }) =>
          options.modelPath === 'b.onnx' && feeds['x']?.dims[0] === 2 ? 1 + (opened % 7) : 1,
      },
    );
    expect(findings.points.map(({ modelIndex, batch, rounds }) => [modelIndex, batch, rounds.length])).toEqual([
      [0, 1, 10],
      [0, 2, 13],
      [1, 1, 10],
      [1, 2, 13],
    ]);
  });

  it('stops when another round would not fit the budget, after the rounds that were planned', async () => {
    // A block: 1 to load, 1 + 3 runs, 15 for the barrier, 20 to measure; two points.
    const budget = (budgetMs: number) =>
      measure({ axes: { batches: [1, 2] }, protocol: { maxRounds: 30, budgetMs, warmUpMs: 0 } });
    expect(roundsTaken((await budget(400)).findings)).toEqual([5, 5]);
    expect(roundsTaken((await budget(399)).findings)).toEqual([4, 4]);
    expect(roundsTaken((await budget(1)).findings)).toEqual([3, 3]);
    expect((await budget(1)).findings.warnings.map(({ code }) => code)).toContain('budget-stretched');
  });

  it.each([40, 100, 200, 333, 1000, 5000])('keeps a hard budget of %i ms to one block', async (budgetMs) => {
    const { findings, events } = await measure(
      { ...sweep, protocol: { budgetMs, budgetIsHard: true, maxRounds: 30 } },
      { runMs: ({ opened, feeds }) => (feeds['x']?.dims[0] ?? 1) * (1 + (opened % 3) / 4) },
    );
    const plannedAt = events.find(({ event }) => event.kind === 'planned')?.atMs ?? Number.NaN;
    const times = events.flatMap(({ event, atMs }) => (event.kind === 'block' || event.kind === 'round' ? [atMs] : []));
    const longest = Math.max(...times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs)));
    expect((times.at(-1) ?? 0) - plannedAt).toBeLessThanOrEqual(budgetMs + longest);
    expect(Math.max(...roundsTaken(findings))).toBeGreaterThanOrEqual(1);
    for (const { status, reason, rounds } of findings.points) {
      if (rounds.length > 0) expect(status).toBe('ok');
      else expect([status, reason]).toEqual(['skipped', { code: 'budget-exhausted', details: { budgetMs } }]);
    }
    expect(findings.settings).toMatchObject({ budgetMs, budgetIsHard: true });
  });

  it('leaves points out of a hard budget that is far too small, and says so', async () => {
    const { findings } = await measure({ ...sweep, protocol: { budgetMs: 100, budgetIsHard: true } });
    expect(new Set(findings.points.map(({ status }) => status))).toEqual(new Set(['ok', 'skipped']));
    expect(findings.warnings.map(({ code }) => code)).toContain('budget-lost-rounds');
  });

  it('repeats a dirty block under a hard budget only while there is time', async () => {
    const stalled = { noise: (atMs: number) => ({ stalledMs: atMs }) };
    const protocol = { budgetIsHard: true, rounds: 1, maxRounds: 1 };
    const plenty = await measure({ protocol }, stalled);
    expect(only(plenty.findings).rounds[0]?.noise).toMatchObject({ dirty: ['stalled'], repeated: true });
    const short = await measure({ protocol: { ...protocol, budgetMs: 60 } }, stalled);
    expect(only(short.findings).rounds[0]?.noise).toMatchObject({ dirty: ['stalled'], repeated: false });
  });
});

describe('what cannot be measured', () => {
  it('skips batches that the model does not take', async () => {
    const { findings } = await measure({ axes: { batches: [1, 4] } }, { signature: () => signatureOf([4, 8]) });
    expect(findings.points.map(({ batch, status, reason }) => [batch, status, reason])).toEqual([
      [1, 'skipped', { code: 'fixed-batch', details: { batch: 1, fixed: 4 } }],
      [4, 'ok', null],
    ]);
  });

  it('runs a model without a batch axis at 1 alone', async () => {
    const { findings } = await measure({ axes: { batches: [1, 4] } }, { signature: () => signatureOf([3, 8, 8]) });
    expect(findings.points.map(({ batch, status, reason }) => [batch, status, reason?.code])).toEqual([
      [null, 'ok', undefined],
      [4, 'skipped', 'no-batch-axis'],
    ]);
  });

  it('fails a point whose probe dies, and no other', async () => {
    const { findings } = await measure(
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
    const { findings } = await measure(
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
    ['clash', { inputs: { shapes: { x: [4, 4] } }, axes: { batches: [2] } }, { code: 'dimension-conflict' }],
  ])('refuses an impossible %s before anything is measured', async (_, sketch, error) => {
    const runtime = scripted();
    const kinds: string[] = [];
    const options = benchOptions({ ...sketch, runtime, onEvent: ({ kind }) => kinds.push(kind) });
    await expect(runBench(options)).rejects.toMatchObject({ name: 'UsageError', ...error });
    expect(kinds.filter((kind) => kind !== 'probing')).toEqual([]);
    expect(runtime.openSessions).toBe(0);
  });

  it('binds a dimension by its position too, in each model that has it', async () => {
    const { findings } = await measure(
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

describe('an interruption', () => {
  /** Runs with three points and aborts where the predicate says so. */
  async function interrupted(isTime: (event: BenchEvent) => boolean) {
    const controller = new AbortController();
    const onEvent = (event: BenchEvent) => {
      if (isTime(event)) controller.abort();
    };
    return measure({ axes: { batches: [1, 2, 4] }, signal: controller.signal, onEvent });
  }

  it('keeps the finished rounds and drops the block under way', async () => {
    const { findings, blocks } = await interrupted(
      (event) => event.kind === 'block' && event.round === 1 && event.done === 1,
    );
    expect(findings.interrupted).toBe(true);
    expect(roundsTaken(findings).toSorted()).toEqual([1, 1, 2]);
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(blocks).toHaveLength(5);
  });

  it('tells the points that got no round', async () => {
    const { findings } = await interrupted((event) => event.kind === 'block' && event.done === 1);
    expect(roundsTaken(findings).toSorted()).toEqual([0, 0, 1]);
    const skipped = findings.points.filter(({ rounds }) => rounds.length === 0);
    for (const point of skipped)
      expect(point).toMatchObject({ status: 'skipped', reason: { code: 'interrupted' }, latencyMs: null });
  });

  it('measures nothing more between rounds', async () => {
    const { findings } = await interrupted((event) => event.kind === 'round' && event.round === 0);
    expect(roundsTaken(findings)).toEqual([1, 1, 1]);
  });

  it('gives its reason when nothing was measured yet', async () => {
    const controller = new AbortController();
    const runtime = scripted();
    const onEvent = ({ kind }: BenchEvent) => {
      if (kind === 'probing') controller.abort(new Error('stop'));
    };
    await expect(runBench(benchOptions({ runtime, signal: controller.signal, onEvent }))).rejects.toThrow('stop');
    expect(runtime.openSessions).toBe(0);
  });
});

describe('providers', () => {
  const both = { axes: { providers: ['cpu', 'webgpu'] } } as const;
  const outputs = (onGpu: number): Partial<Script> => ({
    outputs: ({ options }) => ({ y: floats(options.provider === 'cpu' ? 1 : onGpu) }),
  });

  it.each([
    [1.009, true],
    [1.02, false],
  ])('compares an output of %d with 1 on the CPU', async (onGpu, matches) => {
    const { findings } = await measure(both, outputs(onGpu));
    const [cpu, gpu] = findings.points;
    expect(cpu).toMatchObject({ outputsMatchCpu: null, outputDifference: null, placement: null });
    expect(gpu?.outputsMatchCpu).toBe(matches);
    expect(gpu?.outputDifference?.maxAbs).toBeCloseTo(onGpu - 1, 6);
    const codes = findings.warnings.map(({ code }) => code);
    expect(codes.includes('outputs-differ-from-cpu')).toBe(!matches);
  });

  it('compares with the CPU even when it is not measured', async () => {
    const { findings } = await measure({ axes: { providers: ['webgpu'] } }, outputs(Number.NaN));
    expect(findings.points).toHaveLength(1);
    expect(findings.points[0]).toMatchObject({ ep: 'webgpu', outputsMatchCpu: false, outputDifference: null });
  });

  it('compares with nothing where the CPU fails', async () => {
    const { findings } = await measure(both, {
      runMs: ({ options }) => {
        if (options.provider === 'cpu') throw runFailed;
        return 1;
      },
    });
    expect(findings.points.map(({ status, outputsMatchCpu }) => [status, outputsMatchCpu])).toEqual([
      ['failed', null],
      ['ok', null],
    ]);
  });

  it('skips one that cannot be used, without opening it', async () => {
    const why = { reason: 'no adapter', cure: 'install a driver' };
    const { findings, runtime } = await measure({ ...both, unusable: new Map([['webgpu', why]]) });
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'skipped']);
    expect(findings.points[1]?.reason).toEqual({ code: 'provider-unusable', details: { ep: 'webgpu', ...why } });
    expect(runtime.opened.every(({ provider }) => provider === 'cpu')).toBe(true);
    expect(findings.warnings.map(({ code }) => code)).toContain('provider-skipped');
  });

  it('shows where the nodes ran', async () => {
    const placement = [
      { provider: 'WebGpuExecutionProvider', nodes: 4 },
      { provider: 'CPUExecutionProvider', nodes: 1 },
    ];
    const { findings } = await measure(both, { placement });
    expect(findings.points.map((point) => point.placement)).toEqual([null, placement]);
    expect(findings.warnings).toContainEqual({
      code: 'nodes-on-cpu',
      details: { model: 'a.onnx', ep: 'webgpu', nodes: 1, of: 5 },
    });
  });

  it('is strict with every provider but the CPU', async () => {
    const { runtime } = await measure({ ...both, protocol: { strictProvider: true } });
    expect(new Set(runtime.opened.map(({ provider, strictProvider }) => `${provider} ${strictProvider}`))).toEqual(
      new Set(['cpu false', 'webgpu true']),
    );
  });

  it.each([
    [2, true],
    [2.1, false],
  ])('compares an output of %d with the 2 that the data expects', async (value, matches) => {
    const sample = {
      inputs: { x: { type: 'float32', dims: [1, 4], data: new Float32Array(4) } },
      expected: { y: floats(2) },
      origin: 'data',
    } as const;
    const { findings } = await measure(
      { inputs: { loadSamples: () => [sample], description: 'data' } },
      { outputs: () => ({ y: floats(value) }) },
    );
    expect(only(findings).outputsMatchExpected).toBe(matches);
    const codes = findings.warnings.map(({ code }) => code);
    expect(codes.includes('outputs-differ-from-expected')).toBe(!matches);
    expect(codes).toContain('single-input');
    expect(findings.settings.inputs).toBe('data');
  });
});

describe('a guessed length', () => {
  /** A model that takes no sequence but of these lengths. */
  const taking = (...lengths: readonly number[]): Partial<Script> => ({
    signature: () => signatureOf(['batch', 'sequence']),
    runMs: ({ feeds }) => {
      if (!lengths.includes(feeds['x']?.dims[1] ?? -1)) throw runFailed;
      return 1;
    },
  });
  const guesses = ({ warnings }: BenchFindings) =>
    warnings.flatMap(({ code, details }) => (code === 'dimension-guessed' ? [details] : []));

  it('is 128, and said', async () => {
    const { findings } = await measure({ axes: { batches: [2] } }, taking(128, 512));
    expect(only(findings)).toMatchObject({ status: 'ok', dims: { batch: 2, sequence: 128 }, requestedDims: {} });
    expect(guesses(findings)).toEqual([{ model: 'a.onnx', dimension: 'sequence', value: 128 }]);
  });

  it('is another where the model refuses that, and the note says which', async () => {
    const { findings } = await measure({ axes: { batches: [2] } }, taking(64));
    expect(only(findings)).toMatchObject({ status: 'ok', dims: { batch: 2, sequence: 64 }, requestedDims: {} });
    expect(guesses(findings)).toEqual([{ model: 'a.onnx', dimension: 'sequence', value: 64 }]);
  });

  it('fails with the first problem when no length works', async () => {
    const { findings } = await measure({}, taking());
    expect(only(findings)).toMatchObject({ status: 'failed', reason: runFailed.finding });
  });

  it('is left alone where it was asked for, and where the process died', async () => {
    const asked = await measure({ axes: { dims: { sequence: [128] } } }, taking(64));
    expect(only(asked.findings)).toMatchObject({ status: 'failed', dims: { sequence: 128 } });
    const crash = new RuntimeError('process-crashed', {
      model: 'a.onnx',
      stage: 'run',
      signal: 'SIGSEGV',
      exitCode: null,
    });
    const tried: unknown[] = [];
    const died = await measure(
      {},
      {
        ...taking(),
        runMs: ({ feeds }) => {
          tried.push(feeds['x']?.dims[1]);
          throw tried.length === 1 ? runFailed : crash;
        },
      },
    );
    expect(only(died.findings).reason?.code).toBe('process-crashed');
    expect(tried).toEqual([128, 512]);
  });
});

describe('the result', () => {
  const twoModels = { models: ['slow.onnx', 'fast.onnx'], axes: { batches: [1, 8] } };
  it('compares two models side by side', async () => {
    const { findings } = await measure(twoModels, {
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
    const { findings } = await measure({ ...twoModels, unusable: new Map(), protocol: { rounds: 2, maxRounds: 2 } });
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
    const { findings } = await measure({
      onEvent: (event) => {
        if (event.kind !== 'round') return;
        snapshots.push(event.findings());
        worst.push(event.worstPrecision);
      },
    });
    expect(snapshots.map((snapshot) => only(snapshot).rounds.length)).toEqual([1, 2, 3]);
    expect(worst).toEqual([null, 0, 0]);
    expect(snapshots.at(-1)?.points).toEqual(findings.points);
  });

  it('plans by the probes: what it says is what the blocks are then held to', async () => {
    const { events, findings } = await measure({ ...sweep, protocol: { minRuns: 40 } });
    const planned = events.find(({ event }) => event.kind === 'planned')?.event;
    expect(planned).toMatchObject({ points: 6, rounds: 3, runs: 40, budgetMs: 60_000, budgetIsHard: false });
    expect(findings.settings).toMatchObject({ minRuns: 40, roundsPlanned: 3, seed: 0, optimization: 'all' });
    for (const { latencyMs } of findings.points) expect(latencyMs?.samples).toBe(120);
  });
});
