import type { CellReason } from '../../src/gate/cell-reason.ts';
import type { GateBlock, GateCell, GateResult, GateScenarioResult } from '../../src/gate/gate-result.ts';
import { metricUnits } from '../../src/gate/gate-vocabulary.ts';
import type { Estimate } from '../../src/result/envelope.ts';
import { environment, okPoint } from './fixture-bench-result.ts';

const between = (low: number, value: number, high: number): Estimate => ({ value, low, high });
const exactly = (value: number): Estimate => ({ value, low: null, high: null });

type CellSketch = Partial<Omit<GateCell, 'reason'>> & Pick<GateCell, 'metric'> & { readonly reason: CellReason };

export function cell(sketch: CellSketch): GateCell {
  return {
    scenario: 'resnet',
    against: 'change',
    unit: metricUnits[sketch.metric],
    base: null,
    head: null,
    ratio: null,
    headInterval: null,
    pairs: null,
    p: null,
    adjustedP: null,
    detectable: { before: null, after: null },
    tolerance: 0,
    budget: null,
    verdict: 'pass',
    waived: null,
    severity: 'fail',
    owner: null,
    note: null,
    waiver: null,
    ...sketch,
    reason: { code: sketch.reason.code, details: { ...sketch.reason.details } },
  };
}

/** `pairs` pairs in ABBA order. */
export function blocks(pairs: number, { p50 = 12 }: { p50?: number } = {}): GateBlock[] {
  const [round] = okPoint(['m.onnx'], { p50 }).rounds;
  if (round === undefined) throw new Error('a point has rounds');
  return Array.from({ length: 2 * pairs }, (_, order) => {
    const isHead = order % 4 === 1 || order % 4 === 2;
    return {
      ...round,
      order,
      round: Math.floor(order / 2),
      pair: Math.floor(order / 2),
      arm: isHead ? 'head' : 'base',
      batch: 'main',
      noise:
        order === 3
          ? { ...round.noise, stalledShare: 0.12, dirty: ['stalled'] }
          : { ...round.noise, repeated: order === 5 },
    };
  });
}

const noExact = {
  'file-size': null,
  parameters: null,
  macs: null,
  nodes: null,
  'cpu-fallback-nodes': null,
  'arena-peak': null,
};

export function scenario(sketch: Partial<GateScenarioResult> = {}): GateScenarioResult {
  return {
    name: 'resnet',
    owner: null,
    base: {
      ref: 'git:main:models/resnet.onnx',
      sha256: 'a'.repeat(64),
      sizeBytes: 102_400_000,
      commit: '1a2b3c4d5e6f708192a3b4c5d6e7f80912345678',
      dirty: null,
    },
    head: { ref: 'models/resnet.onnx', sha256: 'b'.repeat(64), sizeBytes: 103_200_000, commit: null, dirty: true },
    basis: 'same-job',
    baseFingerprint: environment.fingerprint,
    ep: 'cpu',
    batch: 4,
    threads: 2,
    instances: 1,
    dims: { N: 4 },
    inputs: 'synthetic',
    rules: [],
    plan: { pairs: 20, looks: [8, 14, 20], pilot: 5, runs: 30, minMs: 500 },
    blocks: blocks(4),
    exact: { base: { ...noExact }, head: { ...noExact } },
    untold: [],
    outputs: { equal: true, maxAbs: 0.0001, maxRel: 0.002, finite: true, output: 'logits', problem: null },
    quality: null,
    scores: null,
    history: null,
    baseDiffers: [],
    failure: null,
    failedArm: null,
    ...sketch,
  };
}

export function gateResult(sketch: Partial<GateResult> = {}): GateResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'gate', '--base', 'git:main:models/resnet.onnx', '--head', 'models/resnet.onnx'],
    environment,
    warnings: [],
    kind: 'gate',
    settings: {
      alpha: 0.01,
      seed: 0,
      budgetMs: 180_000,
      looks: 3,
      confirm: false,
      onInconclusive: 'warn',
      optimization: 'all',
      maxPairs: 40,
      today: '2025-03-04',
      tolerance: { absolute: 0.001, relative: 0.01 },
    },
    scenarios: [scenario()],
    cells: [],
    verdict: 'pass',
    replayOf: null,
    elapsedMs: 171_300,
    interrupted: false,
    ...sketch,
  };
}

export const latencyFail = cell({
  metric: 'latency-p50',
  base: 12.3,
  head: 13.9,
  ratio: between(1.094, 1.131, 1.162),
  pairs: 20,
  p: 0.0002,
  adjustedP: 0.0012,
  detectable: { before: 0.091, after: 0.083 },
  tolerance: 0.05,
  verdict: 'fail',
  note: 'the SLO of the search page',
  owner: '@org/search',
  reason: {
    code: 'beyond-tolerance',
    details: { ratio: 1.131, limit: 1.05, adjustedP: 0.0012, alpha: 0.0033, confirmed: true },
  },
});

const latencyPass = cell({
  ...latencyFail,
  ratio: between(0.991, 1.004, 1.021),
  head: 12.35,
  p: 0.98,
  adjustedP: 1,
  verdict: 'pass',
  note: null,
  owner: null,
  reason: { code: 'within-tolerance', details: { worst: 1.021, limit: 1.1 } },
});

/** Nothing is worse. */
export function passedCase(): GateResult {
  return gateResult({
    cells: [
      latencyPass,
      cell({
        metric: 'file-size',
        base: 102_400_000,
        head: 102_399_488,
        ratio: exactly(0.999995),
        reason: { code: 'not-worse', details: { change: -512 } },
      }),
      cell({
        metric: 'nodes',
        base: 126,
        head: 126,
        severity: 'warn',
        reason: { code: 'not-worse', details: { change: 0 } },
      }),
      cell({
        metric: 'outputs',
        head: 0.002,
        tolerance: null,
        reason: { code: 'outputs-equal', details: { maxAbs: 0.0001, maxRel: 0.002 } },
      }),
    ],
  });
}

const quality: GateScenarioResult['quality'] = {
  of: 'accuracy',
  drop: between(0.0062, 0.014, 0.0229),
  limit: { kind: 'points', value: 0.5 },
  threshold: 0.005,
  verdict: 'fail',
  samples: 1000,
  samplesToDecide: null,
  test: { name: 'mcnemar', p: 0.0005 },
};

const resnetCells: readonly GateCell[] = [
  latencyFail,
  cell({
    metric: 'latency-p99',
    against: 'budget',
    head: 21.2,
    headInterval: between(19.4, 21.2, 24),
    tolerance: null,
    budget: 20,
    pairs: 20,
    verdict: 'inconclusive',
    reason: { code: 'budget-undecided', details: { low: 19.4, high: 24, budget: 20 } },
  }),
  cell({
    metric: 'throughput',
    base: 325,
    head: 310,
    ratio: between(0.931, 0.954, 0.987),
    pairs: 20,
    p: 0.31,
    adjustedP: 0.62,
    detectable: { before: 0.091, after: 0.083 },
    tolerance: 0.05,
    verdict: 'inconclusive',
    reason: { code: 'too-noisy', details: { best: 0.987, worst: 0.874, limit: 0.9 } },
  }),
  cell({
    metric: 'file-size',
    base: 102_400_000,
    head: 103_200_000,
    ratio: exactly(1.0078),
    verdict: 'waived',
    waived: 'fail',
    waiver: {
      until: '2025-12-31',
      reason: 'the new head, until it is quantized',
      link: 'https://example.org/issues/7',
    },
    reason: { code: 'worse', details: { change: 800_000, allowed: 1024 } },
  }),
  cell({
    metric: 'nodes',
    base: 126,
    head: 131,
    ratio: exactly(1.0397),
    severity: 'warn',
    verdict: 'fail',
    reason: { code: 'worse', details: { change: 5, allowed: 0 } },
  }),
  cell({
    metric: 'macs',
    base: 4_100_000_000,
    verdict: 'inconclusive',
    reason: { code: 'untold', details: { side: 'head', cause: 'unknown-macs' } },
  }),
  cell({
    metric: 'quality',
    base: 0.981,
    head: 0.967,
    headInterval: between(0.0062, 0.014, 0.0229),
    tolerance: 0.005,
    verdict: 'fail',
    reason: { code: 'quality-dropped', details: { drop: 0.014, low: 0.0062, threshold: 0.005, of: 'accuracy' } },
  }),
];

export const inScenario = (name: string, cells: readonly GateCell[]) =>
  cells.map((one) => ({ ...one, scenario: name }));

/** Every verdict, in three scenarios. */
export function failedCase(): GateResult {
  return gateResult({
    verdict: 'fail',
    settings: { ...gateResult().settings, confirm: true },
    scenarios: [
      scenario({ owner: '@org/search', quality, scores: { base: 0.981, head: 0.967 } }),
      scenario({
        name: 'bert-stored',
        basis: 'stored',
        base: null,
        baseFingerprint: 'ffff00001111',
        dims: {},
        batch: null,
        blocks: blocks(2),
      }),
      scenario({ name: 'brand-new', basis: 'none', base: null, baseFingerprint: null, instances: 2 }),
    ],
    cells: [
      ...resnetCells,
      ...inScenario('bert-stored', [
        cell({
          metric: 'latency-p50',
          head: 4.2,
          tolerance: 0.05,
          verdict: 'incomparable',
          reason: { code: 'other-machine', details: { base: 'ffff00001111', head: environment.fingerprint } },
        }),
        cell({
          metric: 'parameters',
          base: 110_000_000,
          head: 110_000_000,
          reason: { code: 'not-worse', details: { change: 0 } },
        }),
      ]),
      ...inScenario('brand-new', [
        cell({
          metric: 'latency-p50',
          head: 0.052,
          tolerance: 0.05,
          verdict: 'new',
          reason: { code: 'no-base', details: {} },
        }),
        cell({ metric: 'file-size', head: 1500, verdict: 'new', reason: { code: 'no-base', details: {} } }),
      ]),
    ],
    warnings: [
      { code: 'noisy-machine', details: { dirtyBlocks: 1, blocks: 8, rules: ['stalled'] } },
      {
        code: 'waiver-expired',
        details: { scenario: 'resnet', metric: 'macs', until: '2025-01-31', reason: 'a spike', link: null },
      },
      { code: 'model-uncommitted', details: { scenario: 'resnet', side: 'head', path: 'models/resnet.onnx' } },
    ],
  });
}

/** Stopped before its plan was done, and judged again later. */
export function interruptedCase(): GateResult {
  return gateResult({
    verdict: 'inconclusive',
    interrupted: true,
    replayOf: 'gate.json',
    settings: { ...gateResult().settings, onInconclusive: 'fail' },
    scenarios: [
      scenario({
        blocks: [],
        plan: null,
        failure: {
          code: 'run-failed',
          details: { model: 'base.onnx', provider: 'cpu', problem: 'index out of bounds' },
        },
        failedArm: 'base',
      }),
    ],
    cells: [
      cell({
        metric: 'latency-p50',
        tolerance: 0.05,
        verdict: 'inconclusive',
        reason: { code: 'interrupted', details: {} },
      }),
      cell({
        metric: 'outputs',
        verdict: 'inconclusive',
        reason: { code: 'base-failed', details: { failure: 'run-failed' } },
      }),
    ],
  });
}
