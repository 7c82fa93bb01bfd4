import type { BenchResult, GpuUse, Point } from '../../src/bench/bench-result.ts';
import { benchResult, environment, estimate, okPoint, unmeasuredPoint } from './fixture-bench-result.ts';

/** The common case: one model, batch by threads on the CPU. */
export function sweepCase(): BenchResult {
  const models = ['models/resnet50-v2-7.onnx'];
  const times: readonly (readonly [batch: number, threads: number, p50: number])[] = [
    [1, 1, 31.42],
    [2, 1, 58.31],
    [4, 1, 112.4],
    [8, 1, 221.9],
    [1, 2, 18.06],
    [2, 2, 31.77],
    [4, 2, 59.6],
    [8, 2, 117.3],
  ];
  const points = times.map(([batch, threads, p50]) =>
    okPoint(models, {
      batch,
      threads,
      p50,
      samples: batch === 8 ? 45 : batch === 4 ? 150 : 600,
      halfWidth: batch === 2 && threads === 1 ? 0.084 : 0.012,
      rest: { dims: { N: batch } },
    }),
  );
  return benchResult(models, points, {
    best: { latency: 4, throughput: 7, knees: [1, 6] },
    warnings: [
      { code: 'precision-missed', details: { points: 1, of: 8, worst: 0.084, wanted: 0.02, full: 1 } },
      { code: 'tail-too-few-runs', details: { percentile: 99, needed: 299, points: 4 } },
      { code: 'tail-too-few-runs', details: { percentile: 99, needed: 299, points: 4 } },
      {
        code: 'noisy-machine',
        details: { dirtyBlocks: 3, blocks: 24, rules: ['stalled', 'throttled'], stalledShare: 0.14, stealShare: null },
      },
    ],
  });
}

/** One point, one round: no interval, no batch axis. */
export function singleCase(): BenchResult {
  const models = ['silero_vad.onnx'];
  const point = okPoint(models, {
    batch: null,
    threads: 1,
    p50: 0.0843,
    halfWidth: null,
    samples: 20,
    dims: { sr: 16000 },
  });
  return benchResult(models, [{ ...point, rounds: point.rounds.slice(0, 1) }], {
    best: { latency: 0, throughput: 0, knees: [] },
    warnings: [
      { code: 'one-round', details: { rounds: 1 } },
      { code: 'from-a-later-version', details: { answer: 42 } },
    ],
    interrupted: true,
  });
}

const five = [
  'zoo/a/model.onnx',
  'zoo/b/model.onnx',
  'zoo/mobilenet.onnx',
  'zoo/a-very-long-name-of-a-model-that-says-everything-int8-per-channel.onnx',
  'zoo/broken.onnx',
];

/** Five models on two providers: failed, skipped, mismatching, falling back and compared points. */
export function mixedCase(): BenchResult {
  const cpu = [24.1, 12.3, 24.4, 19.8].map((p50, modelIndex) => okPoint(five, { modelIndex, batch: 4, p50 }));
  const gpu = [6.02, 3.4, 8.8].map((p50, modelIndex) =>
    okPoint(five, { modelIndex, ep: 'webgpu', batch: 4, p50, rest: checks(modelIndex) }),
  );
  const points = [...cpu, failed('cpu'), ...gpu, skipped(), failed('webgpu')];
  return benchResult(five, points, {
    comparisons: [
      { point: 1, against: 0, speedup: { value: 1.959, low: 1.92, high: 2.001 }, pairs: 3 },
      { point: 2, against: 0, speedup: { value: 0.9877, low: 0.96, high: 1.02 }, pairs: 3 },
      { point: 3, against: 0, speedup: { value: 1.217, low: 1.19, high: 1.25 }, pairs: 3 },
      { point: 6, against: 5, speedup: estimate(1.77), pairs: 3 },
      { point: 7, against: 5, speedup: estimate(0.684), pairs: 3 },
    ],
    best: { latency: 6, throughput: 6, knees: [] },
    warnings: [
      { code: 'outputs-differ-from-cpu', details: { model: five[1], ep: 'webgpu', maxAbs: 0.31, maxRel: 2.4 } },
      { code: 'nodes-on-cpu', details: { model: five[2], ep: 'webgpu', nodes: 12, of: 160 } },
      { code: 'inputs-guessed', details: { model: five[0], input: 'ids', values: 'integers below 30522' } },
    ],
    environment: {
      ...environment,
      gpus: [{ name: 'NVIDIA H100', driver: '550.1', memoryBytes: 80 * 1024 ** 3, api: 'cuda' }],
    },
  });
}

/** A point on a GPU that was watched, and one that was not. */
export function gpuCase(): BenchResult {
  const models = ['resnet50.onnx'];
  const seen: GpuUse = {
    device: 0,
    samples: 48,
    utilization: 0.874,
    memoryUtilization: 0.41,
    memoryUsedBytes: 1_310_000_000,
    powerW: 214.3,
    idlePowerW: 52.1,
    powerIsInstant: true,
    joulesPerRun: estimate(1.62),
    joulesPerItem: estimate(0.202),
    smClockMhz: 1395,
    smClockMaxMhz: 1410,
    temperatureC: 61,
    throttled: [{ reason: 'power-cap', share: 0.21 }],
    isMig: false,
    copies: { toDeviceBytes: 4_816_896, fromDeviceBytes: 32_000 },
  };
  const unseen: GpuUse = {
    ...seen,
    samples: 0,
    utilization: null,
    memoryUtilization: null,
    memoryUsedBytes: null,
    powerW: null,
    idlePowerW: null,
    joulesPerRun: null,
    joulesPerItem: null,
    smClockMhz: null,
    smClockMaxMhz: null,
    temperatureC: null,
    throttled: null,
  };
  const point = (ep: string, p50: number, gpu: GpuUse) =>
    okPoint(models, { ep, batch: 8, p50, rest: { gpu, outputsMatchCpu: true } });
  return benchResult(models, [point('cuda', 7.9, seen), point('tensorrt', 5.1, unseen)], {
    best: { latency: 1, throughput: 1, knees: [] },
    warnings: [{ code: 'gpu-throttled', details: { reason: 'power-cap', points: 1, worst: 0.21 } }],
  });
}

function checks(modelIndex: number): Partial<Point> {
  return {
    outputsMatchCpu: modelIndex !== 1,
    outputDifference: modelIndex === 1 ? { maxAbs: 0.31, maxRel: 2.4 } : { maxAbs: 0.0001, maxRel: 0.00002 },
    placement: [
      { provider: 'WebGpuExecutionProvider', nodes: 160 - modelIndex * 6 },
      { provider: 'CPUExecutionProvider', nodes: modelIndex * 6 },
    ],
  };
}

function failed(ep: string): Point {
  const details = { model: five[4], provider: ep, problem: 'Node (conv1) has 3 inputs.' };
  return unmeasuredPoint(five, {
    modelIndex: 4,
    ep,
    batch: 4,
    status: 'failed',
    reason: { code: 'session-failed', details },
  });
}

function skipped(): Point {
  const reason = { code: 'fixed-batch', details: { batch: 4, fixed: 1 } };
  return unmeasuredPoint(five, { modelIndex: 3, ep: 'webgpu', batch: 4, status: 'skipped', reason });
}

/** A decoder in batches and at lengths of prompts: one beyond its context, one too short for its p99, one whose cache is wrong. */
export function languageCase(): BenchResult {
  const models = ['models/stories.onnx'];
  const cells: readonly (readonly [prompt: number, batch: number, ttftMs: number, tpotMs: number])[] = [
    [16, 1, 2.41, 0.803],
    [16, 4, 5.02, 1.31],
    [128, 1, 15.6, 0.911],
    [128, 4, 55.8, 1.62],
  ];
  const points = cells.map(([prompt, batch, ttftMs, tpotMs], index) =>
    okPoint(models, {
      batch,
      p50: ttftMs + 63 * tpotMs,
      samples: 12,
      rest: { ...lengths(prompt), tokens: tokensOf({ prompt, batch, ttftMs, tpotMs, isWrong: index === 3 }) },
    }),
  );
  const beyond = unmeasuredPoint(models, { status: 'skipped', reason: beyondContext });
  return benchResult(models, [...points, { ...beyond, ...lengths(512) }], {
    best: { latency: 0, throughput: 1, knees: [] },
    warnings: [
      { code: 'cache-differs', details: { model: 'models/stories.onnx', ep: 'cpu', maxAbs: 0.31, maxRel: 0.2 } },
    ],
  });
}

const beyondContext = { code: 'beyond-context', details: { prompt: 512, generated: 64, limit: 512 } };

function lengths(prompt: number): Pick<Point, 'dims' | 'requestedDims'> {
  const dims = { prompt_tokens: prompt, new_tokens: 64 };
  return { dims, requestedDims: dims };
}

interface TokensSketch {
  readonly prompt: number;
  readonly batch: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
  readonly isWrong: boolean;
}

function tokensOf({ prompt, batch, ttftMs, tpotMs, isWrong }: TokensSketch): NonNullable<Point['tokens']> {
  const perSecond = (tokens: number, ms: number) => estimate((1000 * tokens) / ms, 0.02);
  return {
    prompt,
    generated: 64,
    ttftMs: estimate(ttftMs, 0.031),
    tpotMs: estimate(tpotMs, 0.012),
    itlMs: estimate(0.98 * tpotMs),
    itlP99Ms: batch === 1 ? estimate(1.4 * tpotMs, 0.08) : null,
    gaps: 756,
    prefillTokensPerSecond: perSecond(batch * prompt, ttftMs),
    decodeTokensPerSecond: perSecond(batch, tpotMs),
    tokensPerSecondPerUser: perSecond(1, tpotMs),
    outputTokensPerSecond: perSecond(64 * batch, ttftMs + 63 * tpotMs),
    kvBytesPerToken: 1280,
    cacheBytes: 1280 * batch * (prompt + 63),
    contextLimit: 512,
    outsideShare: 0.043,
    copyShare: 0.018,
    matchesUncached: !isWrong,
    uncachedDifference: { maxAbs: isWrong ? 0.31 : 2.1e-5, maxRel: isWrong ? 0.2 : 1e-6 },
    isForced: true,
    ...(prompt === 16 && batch === 1 && { sample }),
  };
}

const sample = {
  prompt: [5, 9, 12],
  generated: [40, 41, 2],
  promptText: 'Once upon',
  text: ' a time there was a\ngirl',
  matchesUncached: true,
};
