import type { CostOption, CostResult } from '../../src/cost/cost-result.ts';
import { around, costResult, curve, exactly, excluded, model, option } from './cost-cases.ts';

/** The golden numbers of the reference: unit costs alone, of the one machine that was measured, bought in three ways. */
export function plainCase(sketch: Partial<CostResult> = {}): CostResult {
  const spot = option({
    listed: 0.1,
    paid: 0.8 * (0.1 / (1 - (0.002 * 300) / 3600)) + 0.2 * 0.357,
    rest: {
      purchase: 'spot',
      spot: { interruptionsPerHour: 0.002, onDemandUsdPerHour: 0.357 },
      flags: ['spot-low-confidence', 'undated'],
      priceDate: '2025-06-28',
    },
  });
  const reserved = option({ listed: 0.357, paid: 0.357 * 0.65, rest: { purchase: 'reserved' } });
  const base = costResult();
  return costResult({
    options: [spot, reserved, option(), option({ batch: 1, rest: { instance: 'c7i.2xlarge' } })],
    settings: { ...base.settings, reservedDiscount: 0.35, spotFallback: 0.2 },
    prices: { oldest: '2025-06-28', undated: 1, daysOld: 447 },
    warnings: [
      { code: 'prices-old', details: { oldest: '2025-06-28', days: 447 } },
      { code: 'no-load', details: { utilization: 0.6 } },
    ],
    ...sketch,
  });
}

const load: NonNullable<CostResult['load']> = {
  meanPerSecond: 400,
  peakPerSecond: 900,
  requestsPerMonth: 400 * 730 * 3600,
  hourly: null,
  arrivals: 'gamma',
  variation: 2.5,
  cacheHit: 0.3,
};

const ranges = { 'same-isa': [0.8, 1.25], 'other-class': [0.5, 2], accelerator: [0.25, 4] } as const;

type Projection = NonNullable<CostOption['projection']>;

function projection(reach: Projection['reach'], factor: number): Projection {
  const [low, high] = ranges[reach];
  return {
    reach,
    factor,
    low: factor * low,
    high: factor * high,
    ratios: { compute: factor, memory: factor, overhead: factor },
  };
}

const fp32 = curve({ meanOverMedian: 1.04 });
const int8 = curve({
  modelIndex: 1,
  tau0Ms: 2.1,
  alphaMs: 0.48,
  shares: null,
  kind: 'piecewise',
  largestResidual: 0.083,
});

const few = (value: number, high = value) => ({ value, low: value, high });

const missed = { code: 'cost-objective-missed', details: { percentile: 99, limitMs: 50, reachedMs: 81.3 } };
const overload = { code: 'cost-overload', details: { machines: 12_000, most: 10_000 } };

function options(): CostOption[] {
  const met = { meetsSlo: true, curveIndex: 0 };
  const small = { load, replicasPerMachine: 4, of: int8, machines: few(1) };
  const large = { load, replicasPerMachine: 4, of: fp32 };
  const inClass = { basis: 'projected', projection: projection('same-isa', 0.84) } as const;
  const far = { basis: 'projected', projection: projection('other-class', 1.31) } as const;
  const spot = { interruptionsPerHour: 0.000_103, onDemandUsdPerHour: 0.357 };
  const paid = 0.11 / (1 - (0.000_103 * 300) / 3600);
  const ofSpot = { ...met, curveIndex: 1, purchase: 'spot', spot, flags: ['spot-older'] } as const;
  const graviton = { ...far, instance: 'm7g.2xlarge', priceDate: null, flags: ['undated'] } as const;
  const c3 = { ...inClass, instance: 'c3-standard-8', cloud: 'gcp', region: 'us-central1', queueDelayMs: 2.5 };
  return [
    option({ ...small, listed: 0.11, paid, rest: { ...ofSpot, flags: ['spot-older'] } }),
    option({ ...small, listed: 0.29, rest: { ...met, ...graviton, flags: ['undated'], curveIndex: 1 } }),
    option({ ...small, rest: { ...met, curveIndex: 1 } }),
    option({ ...large, machines: few(2, 3), rest: met }),
    option({ ...large, machines: few(2, 4), listed: 0.384, rest: { ...met, ...c3 } }),
    option({
      ...large,
      machines: few(3, 7),
      rest: { ...far, instance: 't4g.xlarge', meetsSlo: false, obstacle: missed },
    }),
    option({
      ...large,
      machines: few(12_000),
      rest: { meetsSlo: false, instance: 'a1.medium', latencyMs: null, obstacle: overload },
    }),
  ];
}

/** Two models under load with an objective, and everything that can be asked besides. */
export function fullCase(sketch: Partial<CostResult> = {}): CostResult {
  const accuracy = (value: number) => ({
    metric: 'accuracy',
    higherIsBetter: true,
    value: around(value, 1.005, 1.004),
  });
  return costResult({
    command: ['infer', 'cost', 'bench.json', '--rps', '400', '--slo', 'p99=50ms'],
    models: [
      model('cnn.onnx', { accuracy: accuracy(0.9812) }),
      model('cnn|int8.onnx', { sizeBytes: 1_250_000, accuracy: accuracy(0.9795) }),
    ],
    curves: [fp32, int8],
    load,
    objective: { percentile: 99, limitMs: 50 },
    settings: { ...costResult().settings, spareReplicas: 1, minReplicas: 2 },
    options: options(),
    excluded: [
      excluded(),
      excluded({ instance: 'c6i.large' }),
      excluded({
        instance: 'inf2.xlarge',
        obstacle: {
          code: 'cost-no-projection',
          details: { reason: 'unknown-accelerator', processor: null, accelerator: 'Inferentia2' },
        },
      }),
    ],
    cheapest: 0,
    alternatives: [
      { modelIndex: 0, option: 3, ratio: null, savingPerMillionUsd: null, savingPerMonthUsd: null, isPareto: true },
      {
        modelIndex: 1,
        option: 0,
        ratio: around(0.154, 1.5, 1),
        savingPerMillionUsd: around(0.4194, 1, 1.591),
        savingPerMonthUsd: around(440.9, 1, 1.591),
        isPareto: true,
      },
    ],
    ...comparisons,
    prices: { oldest: '2025-06-28', undated: 1, daysOld: 447 },
    warnings: [
      { code: 'measured-alone', details: { model: 'cnn.onnx', replicas: 4 } },
      { code: 'batch-at-end', details: { model: 'cnn|int8.onnx', batch: 8 } },
      { code: 'accuracy-missing', details: { models: ['a.onnx', 'b.onnx'] } },
    ],
    ...sketch,
  });
}

const step = {
  serves: 'cnn.onnx on c7i.2xlarge',
  priceDate: '2026-07-20',
  reach: 1,
  fanOut: 1,
  retryProbability: 0,
  maxRetries: 0,
  inputTokens: 0,
  outputTokens: 0,
};

const comparisons: Pick<CostResult, 'route' | 'apiBreakEven' | 'edgeBreakEven' | 'workflow'> = {
  route: {
    small: 0,
    large: 3,
    escalated: 0.2,
    usdPerMillion: around(0.1756, 1, 1.3),
    largeUsdPerMillion: around(0.4958, 1, 1.5),
    savingPerMonthUsd: { value: 336.6, low: 280, high: 610 },
    worthwhileBelow: 0.846,
    isWorthwhile: true,
  },
  apiBreakEven: {
    model: 'gpt-x-mini',
    provider: 'someone',
    inputTokens: 1000,
    outputTokens: 200,
    cachedShare: 0.25,
    priceDate: '2026-08-06',
    usdPerMillionInput: 0.15,
    usdPerMillionOutput: 0.6,
    usdPerMillionCachedInput: 0.075,
    apiUsdPerRequest: (750 * 0.15 + 250 * 0.075 + 200 * 0.6) / 1e6,
    option: 3,
    selfUsdPerRequest: around(4.958e-7, 1, 1.5),
    requestsPerMonth: { value: 2_074_000, low: 2_030_000, high: null },
    utilization: 0.011,
  },
  edgeBreakEven: {
    deviceUsd: 499,
    watts: 15,
    years: 3,
    usdPerKwh: 0.3,
    deviceUsdPerMonth: 499 / 36 + 0.015 * 730 * 0.3,
    option: 0,
    cloudUsdPerMillion: around(0.0764, 1.012),
    requestsPerMonth: around(224_400_000, 1.012),
    capacityPerMonth: 90_000_000,
  },
  workflow: {
    path: 'agent.yaml',
    callsPerRequest: exactly(6.375),
    inputTokensPerRequest: 5210.4,
    outputTokensPerRequest: 812,
    usdPerRequest: around(0.004_12, 1.02),
    monthlyUsd: around(4331, 1.02),
    latencyMs: { meanMs: around(2140, 1.01), p50Ms: around(1980, 1.01), p99Ms: around(5120, 1.04) },
    samples: 20_000,
    steps: [
      {
        ...step,
        name: 'plan',
        calls: 1,
        inputTokens: 1200,
        outputTokens: 300,
        usd: around(0.0011, 1.0001),
        share: 0.267,
        meanMs: 900,
        latencyShare: 0.42,
        serves: 'gpt-x-mini of someone',
        priceDate: '2026-08-06',
      },
      {
        ...step,
        name: 'search',
        fanOut: 4,
        calls: 4,
        usd: around(0.003, 1.05),
        share: 0.728,
        meanMs: 1100,
        latencyShare: 0.515,
      },
      {
        ...step,
        name: 'verify',
        serves: 'tool',
        priceDate: null,
        reach: 0.5,
        fanOut: 2,
        retryProbability: 0.25,
        maxRetries: 2,
        calls: 1.3125,
        usd: exactly(0),
        share: 0,
        meanMs: null,
        latencyShare: null,
      },
    ],
  },
};

/** An objective that nothing meets, with closed forms, on a machine of one's own and without servers. */
export function missedCase(): CostResult {
  const obstacle = { code: 'cost-objective-below-service', details: { percentile: 95, limitMs: 3, aloneMs: 5.1 } };
  const closed = option().latencyMs;
  if (closed === null) throw new Error('an option has latencies');
  const missed = {
    meetsSlo: false,
    obstacle,
    latencyMs: { ...closed, objectiveMs: around(19.4, 1.06), method: 'closed-form' },
  } as const;
  const own = { cloud: 'own', region: '', instance: 'own machine', purchase: 'own', priceDate: null } as const;
  const serverless = { cloud: 'serverless', region: '', instance: 'serverless', purchase: 'serverless' } as const;
  const usd = 0.0085 * 1.728 * 1.66667e-5 + 2e-7;
  const ofServerless: Partial<CostOption> = {
    ...serverless,
    ...missed,
    usdPerHour: null,
    listedUsdPerHour: null,
    priceDate: null,
    flags: ['user'],
    vcpus: null,
    basis: 'projected',
    projection: { reach: 'same-isa', factor: 1, low: 0.8, high: 1.25, ratios: null },
    batch: 1,
    utilization: 1,
    usdPerMillion: around(usd * 1e6, 1.25),
    usdPerRequest: around(usd, 1.25),
    busyUsdPerMillion: usd * 1e6,
    energy: null,
  };
  return costResult({
    objective: { percentile: 95, limitMs: 3 },
    options: [
      option({ listed: 0.4, rest: { ...own, ...missed, flags: ['user'], energy: null } }),
      option({ rest: ofServerless }),
    ],
    cheapest: null,
    alternatives: [],
    settings: {
      ...costResult().settings,
      simulated: false,
      serverless: { usdPerGbSecond: 1.66667e-5, usdPerRequest: 2e-7 },
    },
    prices: { oldest: null, undated: 0, daysOld: null },
    warnings: [{ code: 'objective-missed', details: { percentile: 95, limitMs: 3 } }],
  });
}

/** A language model that was measured in one round: tokens, and no interval but that of a projection. */
export function tokensCase(): CostResult {
  const alone = (value: number) => ({ value, low: null, high: null });
  const gpu = { accelerator: 'A10G', vcpus: 4, instance: 'g5.xlarge', replicasPerMachine: 1 };
  const tokens = { usdPerMillionInputTokens: alone(0.2057), usdPerMillionOutputTokens: alone(3.914) };
  const base = option({ batch: 4, listed: 1.006, rest: { ...gpu, ...tokens } });
  const there = option({
    batch: 4,
    listed: 0.71,
    rest: {
      ...gpu,
      instance: 'g6.xlarge',
      accelerator: 'L4',
      basis: 'projected',
      projection: projection('accelerator', 1.2),
    },
  });
  return costResult({
    models: [model('llm.onnx', { sizeBytes: 1.2e9 })],
    curves: [
      curve({
        ep: 'cuda',
        threads: 1,
        tokens: { inputPerSecond: alone(2264), outputPerSecond: alone(119), prompt: 512, generated: 128 },
      }),
    ],
    options: [
      { ...base, usdPerMillion: alone(base.usdPerMillion.value), itemsPerSecond: alone(base.itemsPerSecond.value) },
      {
        ...there,
        usdPerMillionInputTokens: around(0.1742, 4),
        usdPerMillionOutputTokens: around(3.314, 4),
        energy: null,
      },
    ],
    warnings: [{ code: 'one-round', details: { model: 'llm.onnx', path: 'bench.json' } }],
  });
}
