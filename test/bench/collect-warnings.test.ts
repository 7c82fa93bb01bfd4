import { describe, expect, it } from 'vitest';
import type { GpuUse, Point, Round } from '../../src/bench/bench-result.ts';
import type { BenchWarningCode } from '../../src/bench/bench-warning.ts';
import { planBlocks } from '../../src/bench/block-budget.ts';
import type { WarningContext } from '../../src/bench/collect-warnings.ts';
import { collectWarnings } from '../../src/bench/collect-warnings.ts';
import type { LoadRun, MaxRate } from '../../src/bench/load/load-result.ts';
import type { LoadSettings } from '../../src/bench/load/load-settings.ts';
import type { MeasuringPoint, ReadyProbe } from '../../src/bench/point-state.ts';
import { summarizeGpu } from '../../src/bench/summarize-gpu.ts';
import type { GpuMonitor } from '../../src/runtime/gpu/gpu-monitor.ts';
import { loadRun } from '../report/bench-load-cases.ts';
import { estimate } from '../report/fixture-bench-result.ts';
import { settings as loadSettings } from './load/virtual-load.ts';
import type { OptionsSketch } from './scripted-bench.ts';
import { benchOptions, floats } from './scripted-bench.ts';
import { pointOf, roundOf, roundsOf } from './sketch-point.ts';
import { atRest, watchedGpu } from './watched-gpu.ts';

/** Runs enough for p99 even in one round. */
const runs = 300;
const rounds = roundsOf([2, 2, 2], runs);
const cost = { overheadMs: 10, runMs: 2 };

interface Situation {
  readonly options?: OptionsSketch;
  readonly point?: Partial<Point>;
  readonly rounds?: readonly Round[];
  readonly probe?: Partial<ReadyProbe>;
  readonly notes?: ReadyProbe['inputs']['notes'];
  readonly pool?: number;
  /** Points of this kind in the run. */
  readonly count?: number;
}

/** A flawless run but for what is set. */
function contextOf(situation: Situation): WarningContext {
  const options = benchOptions(situation.options);
  const { count = 1, pool = 2 } = situation;
  const point = pointOf(situation.rounds ?? rounds, { threads: 2, ...situation.point });
  const state: MeasuringPoint = {
    status: 'measuring',
    point: { modelIndex: 0, ep: 'cpu', threads: 2, instances: 1, dims: {}, batch: 1 },
    probe: {
      status: 'ready',
      inputs: {
        pool: Array.from({ length: pool }, () => ({ x: floats(1) })),
        expected: [null],
        dims: {},
        notes: situation.notes ?? [],
        batch: 1,
      },
      ...cost,
      versusCpu: null,
      versusExpected: null,
      placement: null,
      copies: null,
      ...situation.probe,
    },
    rounds: point.rounds,
    cost,
  };
  const { protocol } = options;
  return {
    options,
    plan: planBlocks([cost], { ...protocol, isHard: protocol.budgetIsHard }),
    points: Array.from({ length: count }, () => point),
    states: Array.from({ length: count }, () => state),
  };
}

const warningsOf = (situation: Situation) => collectWarnings(contextOf(situation));
const noisy = (noise: Partial<Round['noise']>) =>
  rounds.map((round) => ({ ...round, noise: { ...round.noise, ...noise } }));
const differs = { matches: false, maxAbs: 0.5, maxRel: Infinity, worstOutput: 'y' };
const matches = { matches: true, maxAbs: 1e-6, maxRel: 1e-6, worstOutput: null };

/** A point on a GPU that was watched. */
function onGpu({ monitor = watchedGpu(), ...change }: Partial<GpuUse> & { readonly monitor?: GpuMonitor }): Situation {
  const gpu = { ...summarizeGpu([], { device: 1, batch: 1, copies: null }), ...change };
  return { point: { ep: 'cuda', gpu }, options: { gpu: { device: 1, monitor } } };
}

/** What a point wrote, flawless but for what is set. */
function tokensOf(change: Partial<NonNullable<Point['tokens']>>): NonNullable<Point['tokens']> {
  const estimate = { value: 2, low: 2, high: 2 };
  return {
    prompt: 16,
    generated: 8,
    ttftMs: estimate,
    tpotMs: estimate,
    itlMs: estimate,
    prefillTokensPerSecond: estimate,
    decodeTokensPerSecond: estimate,
    ...change,
  };
}

const usual = { p50: estimate(1.5), p90: null, p95: null, p99: null, mean: estimate(1.5), max: 2 };

/** A point under a load that it bore well, but for what is set. */
function underLoad(change: Partial<LoadRun>, load: Partial<LoadSettings> = {}): Situation {
  const run = loadRun({ asked: '50/s', perSecond: 50, p50: 2, p99: 6, ...change });
  return { point: { loads: [run] }, options: { load: { ...loadSettings, ...load } } };
}

function searched(status: MaxRate['status'], value: number | null): Situation {
  const maxRate: MaxRate = {
    objective: { percentile: 99, limitMs: 20 },
    status,
    perSecond: { value, low: null, high: null },
    probes: [],
  };
  return { point: { maxRate }, options: { load: { ...loadSettings, findMax: true } } };
}

/** For every code a run that deserves it and nothing else, and the details it must then have. */
const situations: Readonly<Record<BenchWarningCode, { situation: Situation; details: object }>> = {
  'noisy-machine': {
    situation: { rounds: noisy({ dirty: ['steal', 'clock'], stealShare: 0.2, stalledShare: null }) },
    details: { dirtyBlocks: 3, blocks: 3, rules: ['steal', 'clock'], stealShare: 0.2, stalledShare: null },
  },
  'repeated-blocks': {
    situation: { rounds: [...noisy({ repeated: true }).slice(1), ...rounds.slice(0, 1)] },
    details: { repeated: 2, blocks: 3 },
  },
  'precision-missed': {
    situation: { rounds: roundsOf([1, 2, 4], runs), count: 2 },
    // As worked out in the test of summarizePoint: 2^(4.302653 / √3) - 1.
    details: { points: 2, of: 2, worst: expect.closeTo(2 ** (4.302653 / Math.sqrt(3)) - 1, 4), wanted: 0.03, full: 2 },
  },
  'budget-stretched': {
    situation: { options: { protocol: { budgetMs: 10, minRuns: 10, minMs: 20, warmUpMs: 0 } } },
    // Three rounds of 10 + 3 × 2 + 10 × 2.
    details: { budgetMs: 10, estimatedMs: 108 },
  },
  'budget-shrunk-runs': {
    // At an effort of 1/3, 300 of 900 runs, each of 10 + 6 + 600 ms, fit three times.
    situation: { options: { protocol: { budgetMs: 2000, minRuns: 900, minMs: 0, warmUpMs: 0 } } },
    details: { points: 1, runs: 300 },
  },
  'budget-lost-rounds': {
    situation: { rounds: rounds.slice(1) },
    details: { points: 1, rounds: 2, wanted: 3 },
  },
  'warm-up-unsettled': {
    situation: {
      rounds: [
        ...rounds.slice(1),
        { ...roundOf(Array(runs).fill(2)), warmUp: { runs: 3, elapsedMs: 9, settled: false } },
      ],
      count: 2,
    },
    details: { points: 2 },
  },
  'tail-too-few-runs': {
    situation: { rounds: roundsOf([2, 2, 2], 99) },
    details: { percentile: 99, needed: 299, points: 1 },
  },
  'outputs-differ-from-cpu': {
    situation: { point: { ep: 'cuda' }, probe: { versusCpu: differs }, count: 3 },
    details: { model: 'a.onnx', ep: 'cuda', maxAbs: 0.5, maxRel: Number.MAX_VALUE },
  },
  'outputs-differ-from-expected': {
    situation: { probe: { versusExpected: differs } },
    details: { model: 'a.onnx', ep: 'cpu', output: 'y', maxAbs: 0.5 },
  },
  'nodes-on-cpu': {
    situation: {
      point: {
        ep: 'webgpu',
        placement: [
          { provider: 'WebGpuExecutionProvider', nodes: 9 },
          { provider: 'CPUExecutionProvider', nodes: 2 },
        ],
      },
    },
    details: { model: 'a.onnx', ep: 'webgpu', nodes: 2, of: 11 },
  },
  'threads-over-cores': {
    situation: { point: { threads: 3 }, count: 2 },
    details: { threads: 3, instances: 1, cores: 2 },
  },
  'littles-law-broken': {
    // A tenth of the window is in no run: 1 / 1.1 is 9 % off.
    situation: { rounds: rounds.map((round) => ({ ...round, windowMs: round.windowMs * 1.1 })) },
    details: { points: 1, worst: expect.closeTo(1 - 1 / 1.1, 9) },
  },
  'pinning-lost': {
    situation: { point: { pinned: { processors: [[0]], held: false } }, count: 2 },
    details: { points: 2 },
  },
  'provider-skipped': {
    situation: { options: { unusable: new Map([['cuda', { reason: 'no driver', cure: 'install it' }]]) } },
    details: { ep: 'cuda', reason: 'no driver', cure: 'install it' },
  },
  'dimension-guessed': {
    situation: { notes: [{ code: 'dimension-guessed', details: { dimension: 'seq', value: 128 } }], count: 2 },
    details: { model: 'a.onnx', dimension: 'seq', value: 128 },
  },
  'inputs-guessed': {
    situation: { notes: [{ code: 'inputs-guessed', details: { input: 'ids', values: '0..99' } }] },
    details: { model: 'a.onnx', input: 'ids', values: '0..99' },
  },
  'one-round': {
    situation: { rounds: rounds.slice(2), options: { protocol: { rounds: 1 } } },
    details: { rounds: 1 },
  },
  'single-input': {
    situation: { pool: 1, count: 2 },
    details: { model: 'a.onnx' },
  },
  'cache-differs': {
    situation: { point: { tokens: tokensOf({ matchesUncached: false, uncachedDifference: null }) }, count: 2 },
    details: { model: 'a.onnx', ep: 'cpu', maxAbs: Number.MAX_VALUE, maxRel: Number.MAX_VALUE },
  },
  'text-differs': {
    situation: { point: { tokens: tokensOf({ sample: { prompt: [1], generated: [2], matchesUncached: false } }) } },
    details: { model: 'a.onnx', ep: 'cpu' },
  },
  'objective-below-service': {
    situation: underLoad({}, { objective: { percentile: 99, limitMs: 1 } }),
    details: { points: 1, percentile: 99, limitMs: 1, serviceMs: 2 },
  },
  'load-generator-late': {
    situation: underLoad({ valid: false, generatorLatenessMs: { p50: 1, p99: 4, max: 9 } }),
    details: { asked: '50/s', lateMs: 4, limitMs: 1, requests: 500 },
  },
  'load-unstable': {
    situation: underLoad({ stable: false, answered: 400, achievedPerSecond: 40 }),
    details: { asked: '50/s', achievedPerSecond: 40, unanswered: 100 },
  },
  'objective-undecided': {
    situation: underLoad({
      meetsObjective: 'undecided',
      objective: { percentile: 99, limitMs: 20, overs: 3, effectiveSamples: 500 },
    }),
    details: { asked: '50/s', percentile: 99, limitMs: 20, requests: 500, needed: 299 },
  },
  'load-stalled': {
    situation: underLoad({ serviceMs: { ...usual, max: 480 } }),
    details: { runs: 1, worstMs: 480, usualMs: 1.5 },
  },
  'load-disturbed': {
    situation: underLoad({ disturbed: ['stalled'] }),
    details: { runs: 1, of: 1, rules: ['stalled'] },
  },
  'max-rate-undecided': { situation: searched('undecided', 420), details: { perSecond: 420 } },
  'max-rate-unissuable': { situation: searched('generator-limited', null), details: { perSecond: null } },
  'gpu-busy': {
    situation: onGpu({ monitor: watchedGpu({}, { idle: { ...atRest, utilization: 0.3 } }) }),
    details: { device: 1, utilization: 0.3 },
  },
  'gpu-throttled': {
    situation: { ...onGpu({ throttled: [{ reason: 'power-cap', share: 0.4 }] }), count: 2 },
    details: { reason: 'power-cap', points: 2, worst: 0.4 },
  },
  'gpu-unwatched': {
    situation: onGpu({ monitor: watchedGpu({}, { problem: { kind: 'silent', waitedMs: 3000 } }) }),
    details: { device: 1, kind: 'silent', waitedMs: 3000 },
  },
  'gpu-shared': { situation: onGpu({ isMig: true }), details: { device: 1 } },
};

describe('collectWarnings', () => {
  it('has nothing to say of a flawless run', () => {
    expect(warningsOf({})).toEqual([]);
    const fine = { versusCpu: matches, versusExpected: matches };
    expect(
      warningsOf({ probe: fine, point: { placement: [{ provider: 'CUDAExecutionProvider', nodes: 3 }] } }),
    ).toEqual([]);
  });

  it.each(Object.entries(situations))(
    'says %s once, and nothing else, where it is so',
    (code, { situation, details }) => {
      expect(warningsOf(situation)).toEqual([{ code, details }]);
    },
  );

  it('tells each percentile apart', () => {
    const few = warningsOf({ rounds: roundsOf([2, 2, 2], 9) });
    expect(few.map(({ details }) => details)).toEqual([
      { percentile: 90, needed: 29, points: 1 },
      { percentile: 95, needed: 59, points: 1 },
      { percentile: 99, needed: 299, points: 1 },
    ]);
  });

  it('does not call blocks small that had the runs anyway, in the time that a block takes at least', () => {
    const protocol = { budgetMs: 200, minRuns: 75, minMs: 0, warmUpMs: 0 };
    expect(contextOf({ options: { protocol } }).plan?.runs).toBe(25);
    expect(warningsOf({ options: { protocol } })).toEqual([]);
  });

  it('does not blame the budget for rounds that a failure or an interruption took', () => {
    const short = { rounds: rounds.slice(1) };
    expect(warningsOf({ ...short, point: { status: 'failed' } })).toEqual([]);
    expect(warningsOf({ ...short, options: { signal: AbortSignal.abort() } })).toEqual([]);
  });

  it('holds Little’s law only against blocks of enough runs', () => {
    const gaps = (perRound: number) =>
      roundsOf([2, 2, 2], perRound).map((round) => ({ ...round, windowMs: round.windowMs * 1.1 }));
    const codes = (perRound: number) => warningsOf({ rounds: gaps(perRound) }).map(({ code }) => code);
    expect(codes(33)).not.toContain('littles-law-broken');
    expect(codes(34)).toContain('littles-law-broken');
    const slightly = rounds.map((round) => ({ ...round, windowMs: round.windowMs * 1.04 }));
    expect(warningsOf({ rounds: slightly })).toEqual([]);
  });

  it('takes a clock that somebody set, or that hardly slowed, for no disturbance', () => {
    const held = (reason: string, share: number) => warningsOf(onGpu({ throttled: [{ reason, share }] }));
    expect(held('application-clocks', 1)).toEqual([]);
    expect(held('thermal', 0.04)).toEqual([]);
    expect(held('thermal', 0.06)).toHaveLength(1);
  });

  it('does not speak of a GPU on which nothing ran', () => {
    const situation = onGpu({ monitor: watchedGpu({}, { problem: { kind: 'absent' } }) });
    expect(warningsOf({ ...situation, point: { ep: 'cpu' } })).toEqual([]);
  });

  it('keeps quiet about a single input that was asked for', () => {
    expect(warningsOf({ pool: 1, options: { inputs: { poolSize: 1 } } })).toEqual([]);
  });

  it('says nothing of a budget before there is a plan, nor of points without rounds', () => {
    const bare = { ...contextOf({ options: { protocol: { budgetMs: 1 } } }), plan: null };
    expect(collectWarnings(bare)).toEqual([]);
    const skipped = contextOf({
      point: { status: 'skipped', rounds: [], latencyMs: null, throughput: null, precision: null },
    });
    expect(collectWarnings(skipped)).toEqual([]);
  });
});
