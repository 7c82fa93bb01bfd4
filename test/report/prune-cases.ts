import type {
  PruneCandidate,
  PrunedBlock,
  PrunedGroup,
  PruneResult,
  SparseLayer,
} from '../../src/prune/prune-result.ts';
import { closeness } from './evaluate-cases.ts';
import { environment, estimate } from './fixture-bench-result.ts';

export function group(name: string, sketch: Partial<PrunedGroup> = {}): PrunedGroup {
  return {
    name,
    kind: 'channels',
    producers: [name],
    consumers: ['/next/Conv'],
    unitsBefore: 64,
    unitsAfter: 32,
    locks: [],
    macsShare: 0.42,
    latencyShare: 0.38,
    scoreRemoved: 0.31,
    scoreKept: 1.69,
    ...sketch,
  };
}

const whole = { unitsAfter: 64, scoreRemoved: null, scoreKept: null } as const;

function candidate(name: string, sketch: Partial<PruneCandidate> = {}): PruneCandidate {
  return {
    name,
    chosen: false,
    pareto: false,
    macs: 0.27,
    parameters: 0.25,
    sizeBytes: 380_000,
    latencyMs: estimate(0.271, 0.01),
    speedup: estimate(2.15, 0.05),
    sqnrDb: 18.2,
    drop: 0.002,
    failure: null,
    ...sketch,
  };
}

function block(name: string, sketch: Partial<PrunedBlock> = {}): PrunedBlock {
  return { name, nodes: 24, influence: 0.12, removed: false, lock: null, ...sketch };
}

function sparseLayer(node: string, sketch: Partial<SparseLayer> = {}): SparseLayer {
  return { node, weights: 73_728, zeros: 0.8, score: 'sparsegpt', error: 0.0213, ...sketch };
}

/** All there is to say: units of three kinds, locks, data with labels, goals that were asked for, and warnings. */
export function fullCase(sketch: Partial<PruneResult> = {}): PruneResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'prune', 'models/cnn.onnx', '--channels', '0.5', '--data', 'test.npz'],
    environment,
    warnings: [
      { code: 'share-rounded', details: { asked: 0.5, reached: 0.47, roundTo: 16 } },
      { code: 'candidate-failed', details: { candidate: '75 %', problem: 'out of memory.' } },
      { code: 'not-refitted', details: { nodes: ['/dead/Conv'], problem: 'singular' } },
    ],
    kind: 'prune',
    ok: true,
    verdict: 'pass',
    model: { path: 'models/cnn.onnx', sha256: 'a'.repeat(64), sizeBytes: 1_500_000 },
    output: { path: 'models/cnn|p.pruned.onnx', sizeBytes: 380_000, dataPath: null, dataBytes: 0 },
    settings: {
      kind: 'structured',
      channels: 0.5,
      heads: 0.25,
      width: null,
      layers: null,
      sparsity: null,
      global: true,
      score: 'auto',
      sparsityScore: 'auto',
      roundTo: 16,
      reconstruct: true,
      steps: 3,
      distillEpochs: 2,
      exclude: ['/stem/*'],
      threads: 2,
      ep: 'cpu',
      seed: 0,
      samples: 500,
      dims: { batch: 1 },
    },
    goals: [
      { goal: 'max-drop', limit: '1pt', asked: true, verdict: 'pass' },
      { goal: 'target-latency', limit: '0.6x', asked: true, verdict: 'pass' },
      { goal: 'target-size', limit: '0.5x', asked: true, verdict: 'pass' },
      { goal: 'target-macs', limit: '0.3x', asked: true, verdict: 'pass' },
    ],
    groups: [
      group('/stem/Conv', {
        ...whole,
        macsShare: 0.11,
        locks: [{ reason: 'excluded', node: '/stem/Conv', op: 'Conv' }],
      }),
      group('/conv1/Conv'),
      group('/conv2/a|b/Conv', { unitsAfter: 16, macsShare: 0.58, consumers: ['/fc/Gemm', '/aux/Gemm'] }),
      group('/ffn/MatMul', {
        kind: 'neurons',
        unitsBefore: 1024,
        unitsAfter: 512,
        macsShare: null,
        latencyShare: null,
      }),
      group('/attention/MatMul', { kind: 'heads', unitsBefore: 12, unitsAfter: 9 }),
      group('/small/Conv', { ...whole, macsShare: 0.01 }),
      group('/norm/MatMul', {
        ...whole,
        kind: 'width',
        locks: [
          { reason: 'width-not-asked', node: '/norm/LayerNormalization', op: 'LayerNormalization' },
          { reason: 'graph-input', node: 'embeddings', op: null },
        ],
      }),
      group('/fc/Gemm', {
        ...whole,
        kind: 'neurons',
        consumers: [],
        unitsBefore: 10,
        unitsAfter: 10,
        locks: [{ reason: 'graph-output', node: 'logits', op: null }],
      }),
      group('/aux/Gemm', {
        ...whole,
        kind: 'neurons',
        consumers: [],
        locks: [{ reason: 'graph-output', node: 'features', op: null }],
      }),
    ],
    unlockedMacs: 0.84,
    blocks: [],
    sparseLayers: [],
    sensitivity: [
      { group: '/conv1/Conv', units: 48, error: 0.000123, saved: 0.11 },
      { group: '/conv1/Conv', units: 32, error: 0.00212, saved: 0.21 },
    ],
    repairs: [
      { node: '/conv2/a|b/Conv', before: 0.712, after: 0.0213, how: 'reconstructed' },
      { node: '/fc/Gemm', before: 0.533, after: 0.0412, how: 'reconstructed' },
      { node: '/out/MatMul', before: 0.21, after: 0.181, how: 'matched' },
      { node: '/dead/Conv', before: 0.001, after: 0.001, how: 'kept' },
    ],
    candidates: [
      candidate('25 %', {
        macs: 0.57,
        parameters: 0.56,
        sizeBytes: 850_000,
        speedup: estimate(1.38, 0.04),
        drop: -0.001,
      }),
      candidate('50 %', { chosen: true, pareto: true }),
      candidate('75 %', {
        macs: null,
        latencyMs: null,
        speedup: null,
        sqnrDb: null,
        drop: null,
        failure: { code: 'model-rejected', details: { path: '75 %', problem: 'out of memory' } },
      }),
    ],
    before: { parameters: 458_922, macs: 5_940_000, sizeBytes: 1_500_000, gzipBytes: null, zstdBytes: null },
    after: { parameters: 115_002, macs: 1_600_000, sizeBytes: 380_000, gzipBytes: null, zstdBytes: null },
    maskError: 3.1e-7,
    speedup: {
      ratio: estimate(2.15, 0.05),
      pairs: 7,
      ep: 'cpu',
      threads: 2,
      beforeMs: estimate(0.582, 0.01),
      afterMs: estimate(0.271, 0.01),
    },
    evaluation: {
      source: 'data',
      samples: 1000,
      drop: {
        of: 'accuracy',
        drop: { value: 0.002, low: -0.0015, high: 0.0068 },
        limit: { kind: 'points', value: 1 },
        threshold: 0.01,
        verdict: 'pass',
        samples: 1000,
        samplesToDecide: null,
        test: { name: 'mcnemar', p: 0.45 },
      },
      closeness: [closeness()],
    },
    benchFailure: null,
    interrupted: false,
    elapsedMs: 71_300,
    ...sketch,
  };
}

/** A search that ended short of its target: nothing was written, and what was found is no faster. */
export function missedCase(): PruneResult {
  const { settings, speedup, after, groups } = fullCase();
  const ratio = estimate(1.01, 0.04);
  return fullCase({
    ok: false,
    verdict: 'fail',
    warnings: [
      {
        code: 'target-out-of-reach',
        details: { goal: 'target-latency', limit: '0.6x', closest: '0.99x at 16 % of channels.' },
      },
      { code: 'no-room', details: { maxDrop: '1%', candidates: 12, groups: 5 } },
    ],
    output: null,
    settings: {
      ...settings,
      channels: null,
      heads: null,
      global: false,
      steps: 1,
      distillEpochs: null,
      exclude: [],
      samples: null,
      dims: {},
    },
    goals: [
      { goal: 'max-drop', limit: '2%', asked: false, verdict: 'inconclusive' },
      { goal: 'target-latency', limit: '0.6x', asked: true, verdict: 'fail' },
      { goal: 'faster', limit: '1x', asked: false, verdict: 'inconclusive' },
    ],
    groups: groups.filter(({ locks }) => locks.length > 0),
    sensitivity: [],
    repairs: [],
    candidates: [
      candidate('macs 0.9x', { chosen: true, pareto: true, speedup: ratio, sizeBytes: 1_400_000, drop: 0.012 }),
    ],
    after: { ...after, macs: 5_400_000, sizeBytes: 1_400_000 },
    speedup: speedup && { ...speedup, ratio, threads: 1, afterMs: estimate(0.576, 0.02) },
    evaluation: {
      ...fullCase().evaluation,
      drop: {
        of: 'argmax-agreement',
        drop: { value: 0.018, low: 0.009, high: 0.027 },
        limit: { kind: 'relative', value: 0.02 },
        threshold: 0.02,
        verdict: 'inconclusive',
        samples: 1000,
        samplesToDecide: 25_000,
        test: { name: 'wilson', p: null },
      },
    },
  });
}

/** Residual blocks of a transformer with a cache, dropped without data. */
export function depthCase(): PruneResult {
  const { settings } = fullCase();
  return fullCase({
    warnings: [{ code: 'quality-unknown', details: { compared: true } }],
    output: { path: 'bert.pruned.onnx', sizeBytes: 20_000, dataPath: 'bert.pruned.onnx.data', dataBytes: 380_000 },
    settings: {
      ...settings,
      kind: 'depth',
      channels: null,
      heads: null,
      layers: 2,
      global: false,
      steps: 1,
      distillEpochs: null,
      exclude: [],
      samples: null,
      dims: {},
    },
    goals: [{ goal: 'faster', limit: '1x', asked: false, verdict: 'pass' }],
    groups: [],
    unlockedMacs: null,
    blocks: [
      block('/layer.0/Add_1', { influence: 0.31 }),
      block('/layer.1/Add_1', { influence: 0.021, removed: true }),
      block('/layer.2/Add_1', { influence: 0.034, removed: true }),
      block('/layer.3/Add_1', { influence: null, lock: 'carries-cache' }),
    ],
    sensitivity: [],
    repairs: [],
    candidates: [],
    before: { parameters: 458_922, macs: null, sizeBytes: 1_500_000, gzipBytes: null, zstdBytes: null },
    after: { parameters: 229_461, macs: null, sizeBytes: 400_000, gzipBytes: null, zstdBytes: null },
    maskError: null,
    evaluation: { source: 'synthetic', samples: 8, drop: null, closeness: [closeness({ samples: 8 })] },
  });
}

/** Zeros in a pattern: a smaller download. */
export function sparseCase(sketch: Partial<PruneResult> = {}): PruneResult {
  const { settings } = fullCase();
  return fullCase({
    warnings: [
      { code: 'size-only', details: { pattern: '2:4' } },
      { code: 'few-samples', details: { samples: 8, wanted: 128 } },
    ],
    settings: {
      ...settings,
      kind: 'pattern',
      channels: null,
      heads: null,
      sparsity: '2:4',
      global: false,
      steps: 1,
      distillEpochs: null,
      dims: {},
    },
    goals: [{ goal: 'smaller-download', limit: '1x', asked: false, verdict: 'pass' }],
    groups: [],
    unlockedMacs: null,
    sparseLayers: [
      sparseLayer('/conv1/Conv', { zeros: 0.5 }),
      sparseLayer('/fc/a|b/Gemm', { weights: 1280, zeros: 0.5, score: 'magnitude', error: null }),
    ],
    sensitivity: [],
    repairs: [],
    candidates: [],
    before: { parameters: 458_922, macs: 5_940_000, sizeBytes: 1_500_000, gzipBytes: 1_390_000, zstdBytes: 1_395_000 },
    after: { parameters: 458_922, macs: 5_940_000, sizeBytes: 1_500_000, gzipBytes: 802_000, zstdBytes: 811_000 },
    maskError: null,
    speedup: null,
    ...sketch,
  });
}

/** Ctrl-C while candidates were measured. */
export function interruptedCase(): PruneResult {
  return fullCase({
    interrupted: true,
    warnings: [],
    output: null,
    verdict: 'inconclusive',
    goals: [
      { goal: 'max-drop', limit: '2%', asked: false, verdict: 'inconclusive' },
      { goal: 'target-latency', limit: '0.6x', asked: true, verdict: 'inconclusive' },
      { goal: 'target-macs', limit: '0.5x', asked: true, verdict: 'inconclusive' },
    ],
    groups: [],
    unlockedMacs: null,
    sensitivity: [],
    repairs: [],
    candidates: [candidate('25 %', { macs: null, latencyMs: null, speedup: null })],
    before: { parameters: 458_922, macs: null, sizeBytes: 1_500_000, gzipBytes: null, zstdBytes: null },
    after: { parameters: 458_922, macs: null, sizeBytes: 1_500_000, gzipBytes: null, zstdBytes: null },
    maskError: null,
    speedup: null,
    evaluation: { source: 'none', samples: 0, drop: null, closeness: [] },
  });
}
