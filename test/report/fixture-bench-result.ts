import type { BenchResult, Latency, Point, Round } from '../../src/bench/bench-result.ts';
import type { Estimate } from '../../src/result/envelope.ts';
import type { Environment } from '../../src/runtime/environment.ts';

export const environment: Environment = {
  os: { platform: 'linux', release: '6.1.0', arch: 'x64', distribution: 'Debian GNU/Linux 12' },
  cpu: {
    model: 'AMD EPYC 7B13 64-Core Processor',
    logicalCores: 8,
    physicalCores: 4,
    usableCores: 2,
    affinityCores: 8,
    quotaCores: 2,
    instructionSets: ['avx2', 'fma'],
    frequencyMhz: 2450,
    governor: null,
  },
  memory: { totalBytes: 32 * 1024 ** 3, availableBytes: 20 * 1024 ** 3, limitBytes: 8 * 1024 ** 3 },
  container: 'docker',
  node: '20.19.0',
  onnxruntime: '1.30.0',
  providers: ['cpu', 'webgpu'],
  gpus: [],
  fingerprint: '9f2c41d07ab35e68',
};

/** A value with an interval of the given relative half-width. */
export function estimate(value: number, halfWidth: number | null = 0.01): Estimate {
  if (halfWidth === null) return { value, low: null, high: null };
  return { value, low: value * (1 - halfWidth), high: value * (1 + halfWidth) };
}

/** What a case of the fixture sets; the rest follows from it. */
export interface PointSketch {
  readonly modelIndex?: number;
  readonly ep?: string;
  readonly batch?: number | null;
  readonly threads?: number;
  readonly instances?: number;
  readonly dims?: Record<string, number>;
  readonly p50: number;
  readonly halfWidth?: number | null;
  readonly samples?: number;
  readonly rest?: Partial<Point>;
}

const roundsTaken = 3;

export function okPoint(models: readonly string[], sketch: PointSketch): Point {
  const { modelIndex = 0, ep = 'cpu', batch = 1, threads = 2, instances = 1, dims = {}, p50, samples = 600 } = sketch;
  const halfWidth = sketch.halfWidth === undefined ? 0.012 : sketch.halfWidth;
  const runsPerSecond = (1000 / (p50 * 1.02)) * instances;
  return {
    modelIndex,
    model: models[modelIndex] ?? '',
    ep,
    batch,
    threads,
    instances,
    dims,
    requestedDims: dims,
    status: 'ok',
    reason: null,
    loadMs: estimate(84.2 + modelIndex, halfWidth),
    firstRunMs: estimate(p50 * 2.4, halfWidth),
    latencyMs: latency(p50, halfWidth, samples),
    throughput: {
      itemsPerSecond: estimate(runsPerSecond * (batch ?? 1), halfWidth),
      itemsPerSecondPerInstance: estimate((runsPerSecond * (batch ?? 1)) / instances, halfWidth),
      runsPerSecond: estimate(runsPerSecond, halfWidth),
    },
    cpuUtilization: 0.97,
    peakRssBytes: (180 + 12 * (batch ?? 1)) * 1024 ** 2 * instances,
    gpu: null,
    outputsMatchCpu: null,
    outputDifference: null,
    outputsMatchExpected: null,
    placement: null,
    precision: halfWidth,
    reachedPrecision: halfWidth !== null && halfWidth <= 0.02,
    rounds: Array.from({ length: roundsTaken }, (_, round) => blockOf(p50, round, Math.round(samples / roundsTaken))),
    ...sketch.rest,
  };
}

export function unmeasuredPoint(models: readonly string[], rest: Partial<Point>): Point {
  return {
    ...okPoint(models, { p50: 1 }),
    loadMs: null,
    firstRunMs: null,
    latencyMs: null,
    throughput: null,
    cpuUtilization: null,
    peakRssBytes: null,
    precision: null,
    reachedPrecision: false,
    rounds: [],
    model: models[rest.modelIndex ?? 0] ?? '',
    ...rest,
  };
}

export function benchResult(models: readonly string[], points: Point[], rest: Partial<BenchResult> = {}): BenchResult {
  return {
    schemaVersion: 1,
    kind: 'bench',
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'bench', ...models],
    environment,
    warnings: [],
    settings: {
      seed: 0,
      optimization: 'all',
      precision: 0.02,
      minRuns: 100,
      minMs: 1000,
      budgetMs: 120_000,
      budgetIsHard: false,
      roundsPlanned: roundsTaken,
      inputs: 'synthetic',
    },
    models: models.map((path, index) => ({
      path,
      sha256: String(index).repeat(64),
      sizeBytes: 4_700_000 + index,
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 224, 224] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 1000] }],
    })),
    points,
    comparisons: [],
    best: { latency: 0, throughput: 0, knees: [] },
    elapsedMs: 96_400,
    interrupted: false,
    ...rest,
  };
}

function latency(p50: number, halfWidth: number | null, samples: number): Latency {
  const tail = (factor: number, needed: number): Estimate | null =>
    samples < needed ? null : estimate(p50 * factor, halfWidth === null ? null : halfWidth * 2);
  return {
    p50: estimate(p50, halfWidth),
    p90: tail(1.08, 29),
    p95: tail(1.15, 59),
    p99: tail(1.4, 299),
    mean: estimate(p50 * 1.02, halfWidth),
    min: p50 * 0.95,
    max: p50 * 2.1,
    samples,
    spreadWithin: 0.09,
  };
}

export function blockOf(p50: number, round: number, runs: number): Round {
  return {
    round,
    order: round,
    latencyMs: [p50 * 0.98, p50, p50 * 1.05],
    stride: Math.max(1, Math.floor(runs / 3)),
    runs,
    sumMs: runs * p50 * 1.02,
    minMs: p50 * 0.95,
    maxMs: p50 * 2.1,
    windowMs: runs * p50 * 1.02,
    loadMs: 84,
    firstRunMs: p50 * 2.4,
    warmUp: { runs: 20, elapsedMs: 20 * p50, settled: true },
    cpuUtilization: 0.97,
    peakRssBytes: 200 * 1024 ** 2,
    noise: {
      stalledShare: 0.001,
      stealShare: null,
      involuntarySwitchesPerSecond: 2.5,
      throttledPeriods: 0,
      clockRatio: 1,
      driftRatio: 1.01,
      dirty: [],
      repeated: false,
    },
  };
}
