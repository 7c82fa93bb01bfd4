import type { Candidate, QuantizedNode, QuantizeResult } from '../../src/quantize/quantize-result.ts';
import { closeness } from './evaluate-cases.ts';
import { environment, estimate } from './fixture-bench-result.ts';

function candidate(name: string, sketch: Partial<Candidate> = {}): Candidate {
  return {
    name,
    chosen: false,
    pareto: false,
    quantizedNodes: 12,
    sizeBytes: 401_000,
    latencyMs: estimate(0.41, 0.02),
    speedup: estimate(1.42, 0.03),
    sqnrDb: 28.4,
    drop: 0.012,
    failure: null,
    ...sketch,
  };
}

export function node(name: string, op: string, sketch: Partial<QuantizedNode> = {}): QuantizedNode {
  return {
    name,
    op,
    treatment: 'static',
    reason: null,
    became: 'QLinearConv',
    fused: true,
    sqnrInDb: 41.2,
    sqnrOutDb: 36.9,
    macsShare: 0.31,
    parameters: 4608,
    bytesBefore: 18_432,
    bytesAfter: 4896,
    latencyBeforeMs: 0.212,
    latencyAfterMs: 0.087,
    ...sketch,
  };
}

const inFloat = {
  treatment: 'float',
  became: null,
  fused: null,
  sqnrInDb: null,
  sqnrOutDb: null,
  latencyAfterMs: null,
} as const;

const nodes: QuantizedNode[] = [
  node('/conv1/Conv', 'Conv'),
  node('/conv2/Conv', 'Conv', { macsShare: 0.58, fused: false, became: 'Conv' }),
  node('/norm/a|b/Add', 'Add', {
    ...inFloat,
    reason: 'no-quantized-neighbor',
    parameters: 0,
    bytesBefore: 0,
    bytesAfter: 0,
  }),
  node('/head/MatMul', 'MatMul', { ...inFloat, reason: 'costs-accuracy', macsShare: 0.08, bytesAfter: 18_432 }),
  node('/gate/MatMul', 'MatMul', {
    ...inFloat,
    reason: 'too-small',
    macsShare: 0.01,
    parameters: 16,
    bytesBefore: 64,
    bytesAfter: 64,
  }),
  node('/gate/Conv', 'Conv', {
    ...inFloat,
    reason: 'too-small',
    macsShare: 0.01,
    parameters: 16,
    bytesBefore: 64,
    bytesAfter: 64,
  }),
];

/** All there is to say: data with labels, several candidates, a goal that was asked for, and warnings. */
export function fullCase(sketch: Partial<QuantizeResult> = {}): QuantizeResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'quantize', 'models/cnn.onnx', '--int8', '--data', 'test.npz'],
    environment,
    warnings: [
      { code: 'range-reduced', details: {} },
      { code: 'candidate-failed', details: { candidate: 'blocks', problem: 'onnxruntime has no kernel for it.' } },
      { code: 'not-fused', details: { nodes: ['/conv2/Conv'] } },
    ],
    kind: 'quantize',
    ok: true,
    verdict: 'pass',
    model: { path: 'models/cnn.onnx', sha256: 'a'.repeat(64), sizeBytes: 1_500_000 },
    output: { path: 'models/cnn|q.int8.onnx', sizeBytes: 400_000, dataPath: null, dataBytes: 0 },
    settings: {
      scheme: 'int8',
      method: 'auto',
      target: 'cpu',
      activations: 'uint8',
      perChannel: true,
      reduceRange: true,
      blockSize: 32,
      symmetric: false,
      algorithm: 'auto',
      smooth: 0.5,
      exclude: ['/norm/*'],
      threads: 2,
      ep: 'cpu',
      seed: 0,
      samples: 500,
      dims: { batch: 1 },
    },
    goals: [
      { goal: 'max-drop', limit: '0.5pt', asked: true, verdict: 'pass' },
      { goal: 'min-speedup', limit: '1.2x', asked: true, verdict: 'pass' },
      { goal: 'max-size', limit: '0.3x', asked: true, verdict: 'pass' },
    ],
    calibration: {
      source: 'data',
      path: 'test.npz',
      samples: 500,
      values: 24,
      method: 'entropy',
      ep: 'cpu',
      fallbackNodes: null,
      elapsedMs: 1240,
    },
    candidates: [
      candidate('dynamic', {
        pareto: true,
        latencyMs: estimate(0.55, 0.02),
        speedup: estimate(1.05, 0.03),
        drop: -0.001,
      }),
      candidate('static', { drop: 0.031 }),
      candidate('static, but for 1 node', {
        chosen: true,
        pareto: true,
        sizeBytes: 400_000,
        drop: 0.001,
        quantizedNodes: 11,
      }),
      candidate('blocks', {
        latencyMs: null,
        speedup: null,
        sqnrDb: null,
        drop: null,
        failure: { code: 'model-rejected', details: { path: 'blocks', problem: 'no kernel' } },
      }),
    ],
    coverage: { macs: 0.89, parameters: 0.93 },
    nodes,
    sizes: [
      { kind: 'weights in int8', beforeBytes: 0, afterBytes: 372_000 },
      { kind: 'weights in float32', beforeBytes: 1_490_000, afterBytes: 4000 },
      { kind: 'scales and zero points', beforeBytes: 0, afterBytes: 14_000 },
      { kind: 'graph', beforeBytes: 10_000, afterBytes: 10_000 },
    ],
    size: { beforeBytes: 1_500_000, afterBytes: 400_000 },
    speedup: {
      ratio: estimate(1.42, 0.03),
      pairs: 7,
      ep: 'cpu',
      threads: 2,
      beforeMs: estimate(0.582, 0.01),
      afterMs: estimate(0.41, 0.02),
    },
    evaluation: {
      source: 'data',
      samples: 1000,
      drop: {
        of: 'accuracy',
        drop: { value: 0.001, low: -0.0015, high: 0.0038 },
        limit: { kind: 'points', value: 0.5 },
        threshold: 0.005,
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

/** Float16 that missed its goals on a CPU: nothing was written. */
export function missedCase(): QuantizeResult {
  const { settings, evaluation } = fullCase();
  return fullCase({
    ok: false,
    verdict: 'fail',
    warnings: [],
    output: null,
    settings: { ...settings, scheme: 'fp16', exclude: [], samples: null, dims: {} },
    goals: [
      { goal: 'max-drop', limit: '1%', asked: false, verdict: 'inconclusive' },
      { goal: 'faster', limit: '1x', asked: false, verdict: 'fail' },
      { goal: 'smaller', limit: '1x', asked: false, verdict: 'pass' },
      { goal: 'float16-on-cpu', limit: '', asked: false, verdict: 'fail' },
    ],
    calibration: null,
    candidates: [candidate('fp16', { chosen: true, pareto: true, sizeBytes: 751_000, speedup: estimate(0.81, 0.02) })],
    nodes: [
      node('/conv1/Conv', 'Conv', { treatment: 'float16', became: null, fused: null, sqnrInDb: null }),
      node('/softmax/Exp', 'Exp', { ...inFloat, reason: 'overflow' }),
    ],
    size: { beforeBytes: 1_500_000, afterBytes: 751_000 },
    speedup: fullCase().speedup && {
      ratio: estimate(0.81, 0.02),
      pairs: 7,
      ep: 'cpu',
      threads: 1,
      beforeMs: estimate(0.582, 0.01),
      afterMs: estimate(0.718, 0.02),
    },
    evaluation: {
      ...evaluation,
      drop: evaluation.drop && {
        ...evaluation.drop,
        drop: { value: 0.009, low: 0.002, high: 0.016 },
        limit: { kind: 'relative', value: 0.01 },
        threshold: 0.01,
        verdict: 'inconclusive',
        samplesToDecide: 25_000,
      },
    },
  });
}

/** No data, nothing measured: the model was written, and warnings say what is not known. */
export function blindCase(): QuantizeResult {
  const { settings } = fullCase();
  return fullCase({
    warnings: [
      { code: 'synthetic-calibration', details: {} },
      { code: 'quality-unknown', details: { compared: true } },
    ],
    output: { path: 'llm.int4.onnx', sizeBytes: 20_000, dataPath: 'llm.int4.onnx.data', dataBytes: 380_000 },
    settings: { ...settings, scheme: 'int4', algorithm: 'mse', symmetric: true, exclude: [], samples: null, dims: {} },
    goals: [{ goal: 'smaller', limit: '1x', asked: false, verdict: 'pass' }],
    calibration: {
      ...(fullCase().calibration ?? never()),
      source: 'synthetic',
      path: null,
      samples: 8,
      fallbackNodes: 3,
      ep: 'webgpu',
    },
    candidates: [candidate('int4', { chosen: true, pareto: true, latencyMs: null, speedup: null, drop: null })],
    coverage: { macs: null, parameters: 1 },
    nodes: [
      node('/lm/MatMul', 'MatMul', {
        treatment: 'blocks',
        became: null,
        fused: null,
        macsShare: null,
        latencyBeforeMs: null,
        latencyAfterMs: null,
      }),
    ],
    sizes: [],
    speedup: null,
    evaluation: {
      source: 'synthetic',
      samples: 8,
      drop: null,
      closeness: [closeness({ samples: 8 }), closeness({ output: 'kv', exact: true, sqnrDb: null })],
    },
  });
}

/** Ctrl-C while candidates were measured. */
export function interruptedCase(): QuantizeResult {
  return fullCase({
    interrupted: true,
    warnings: [],
    output: null,
    verdict: 'inconclusive',
    goals: [
      { goal: 'max-drop', limit: '1%', asked: false, verdict: 'inconclusive' },
      { goal: 'min-speedup', limit: '1.2x', asked: true, verdict: 'inconclusive' },
    ],
    calibration: { ...(fullCase().calibration ?? never()), source: 'cache', path: 'cnn.calibration.json' },
    candidates: [
      candidate('static', { latencyMs: null, speedup: null }),
      candidate('blocks', {
        sqnrDb: null,
        latencyMs: null,
        speedup: null,
        drop: null,
        failure: { code: 'process-unstartable', details: { problem: 'EAGAIN' } },
      }),
    ],
    nodes: [],
    sizes: [],
    size: { beforeBytes: 1_500_000, afterBytes: 1_500_000 },
    speedup: null,
    evaluation: { source: 'none', samples: 0, drop: null, closeness: [] },
  });
}

function never(): never {
  throw new Error('the full case has a calibration');
}
