import type { DistillResult } from '../../src/distill/distill-result.ts';
import { environment } from './fixture-bench-result.ts';

const around = (value: number, low: number, high: number) => ({ value, low, high });

function epochs(count: number): DistillResult['epochs'] {
  return Array.from({ length: count }, (_, index) => ({
    epoch: index + 1,
    steps: 112 * (index + 1),
    trainLoss: 12 / (index + 1),
    heldOutLoss: 12.5 / (index + 1),
    metric: 1 - 0.2 / (index + 1),
    learningRate: 0.001 * (1 - index / count),
    elapsedMs: 8120 + index,
  }));
}

/** The common case: a better student, written, from unlabeled data. */
export function betterCase(sketch: Partial<DistillResult> = {}): DistillResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'distill', '--teacher', 'big.onnx', '--student', 'small.onnx', '--data', 'digits.npz'],
    environment,
    warnings: [],
    kind: 'distill',
    teacher: { path: 'big.onnx', sha256: 'a1'.repeat(32), sizeBytes: 1_543_210 },
    student: { path: 'small.onnx', sha256: 'b2'.repeat(32), sizeBytes: 387_567 },
    ep: 'cpu',
    threads: 2,
    data: { path: 'digits.npz', labeled: false, size: 8000, trained: 7200, heldOut: 800 },
    settings: {
      batch: 64,
      epochs: 4,
      steps: 448,
      stepsPerEpoch: 112,
      optimizer: 'adamw',
      learningRate: 0.001,
      warmUpSteps: 22,
      weightDecay: 0.01,
      maxGradientNorm: null,
      temperature: 4,
      alpha: 0,
      matchWeight: 1,
      patience: 5,
      randomInit: false,
      seed: 0,
      dims: { batch: 64 },
    },
    losses: [{ output: 'logits', teacherOutput: 'logits', loss: 'kl', reason: 'score-name' }],
    scoredOutput: 'logits',
    matches: [],
    parameters: {
      trained: { tensors: 19, elements: 95_306 },
      frozen: { tensors: 0, elements: 0 },
      unreached: { tensors: 0, elements: 0 },
    },
    memory: {
      activationBytes: 117 * 2 ** 20,
      stateBytes: 3 * 2 ** 20,
      constantBytes: 6 * 2 ** 20,
      totalBytes: 238 * 2 ** 20,
      availableBytes: 8 * 2 ** 30,
    },
    metric: { name: 'agreement', higherIsBetter: true },
    teacherMetric: null,
    before: { loss: around(23.71, 22.66, 24.82), metric: around(0.09, 0.0712, 0.1118) },
    after: { loss: around(0.4671, 0.4034, 0.5432), metric: around(0.985, 0.974, 0.9914) },
    improvement: {
      loss: { difference: around(-23.243, -24.32, -22.21), test: { name: 'paired-bootstrap', p: 1e-9 } },
      metric: { difference: around(0.895, 0.8712, 0.9142), test: { name: 'mcnemar', p: 1e-60 } },
    },
    epochs: epochs(4),
    bestEpoch: 3,
    stepMs: 58.7,
    end: 'finished',
    resumedFrom: null,
    better: true,
    output: { path: 'small.distilled.onnx', sizeBytes: 388_912, dataPath: null, dataBytes: 0 },
    checkpoint: null,
    elapsedMs: 33_456,
    ...sketch,
  };
}

/** Everything there is to say: labels, matches, frozen and unreached weights, a checkpoint, every warning. */
export function fullCase(): DistillResult {
  const usual = betterCase();
  return betterCase({
    data: { path: 'a|b.npz', labeled: true, size: 100, trained: 90, heldOut: 10 },
    settings: {
      ...usual.settings,
      alpha: 0.1,
      maxGradientNorm: 1,
      randomInit: true,
      matchWeight: 0.5,
      dims: { batch: 64, length: 128 },
    },
    losses: [
      { output: 'logits', teacherOutput: 'classes', loss: 'kl', reason: 'class-labels' },
      { output: 'boxes', teacherOutput: 'boxes', loss: 'mse', reason: 'raw-values' },
      { output: 'embedding', teacherOutput: 'embedding', loss: 'cosine', reason: 'unit-vectors' },
    ],
    matches: [{ student: 'relu_3', teacher: '/layer7/Relu_output_0' }],
    parameters: {
      trained: { tensors: 12, elements: 1_204_224 },
      frozen: { tensors: 4, elements: 23_040 },
      unreached: { tensors: 2, elements: 64 },
    },
    metric: { name: 'accuracy', higherIsBetter: true },
    teacherMetric: around(0.99, 0.95, 0.998),
    improvement: {
      loss: { difference: around(-0.02, -0.09, 0.04), test: { name: 'paired-bootstrap', p: 0.41 } },
      metric: { difference: around(0.1, -0.18, 0.36), test: { name: 'mcnemar', p: 1 } },
    },
    epochs: epochs(14),
    bestEpoch: 2,
    end: 'diverged',
    resumedFrom: 5,
    checkpoint: 'small.distilled.onnx.checkpoint.npz',
    warnings: [
      { code: 'inputs-by-position', details: { pairs: ['x = pixels'] } },
      { code: 'outputs-by-position', details: { pairs: ['logits = classes'] } },
      { code: 'outputs-left-out', details: { outputs: ['mask', 'ids (teacher)'] } },
      { code: 'batch-reduced', details: { asked: 256, batch: 64, why: 'memory', problem: '' } },
      {
        code: 'batch-reduced',
        details: { asked: 64, batch: 1, why: 'model', problem: "t.onnx: node 'flat': its shape." },
      },
      {
        code: 'gradient-blocked',
        details: { node: 'lstm_1', operator: 'LSTM', problem: 'it has no gradient rule', parameters: 2 },
      },
      { code: 'parameters-unused', details: { parameters: ['head2.weight'] } },
      { code: 'distill-labels-unused', details: { problem: 'they are no classes' } },
      { code: 'normalization-frozen', details: { nodes: 5 } },
      { code: 'improvement-unclear', details: { samples: 10 } },
      { code: 'training-diverged', details: { step: 1571, epoch: 15, learningRate: 0.3 } },
    ],
  });
}

/** No better than before: nothing was written. */
export function worseCase(): DistillResult {
  return betterCase({
    after: { loss: around(24.1, 23, 25.2), metric: around(0.08, 0.0631, 0.1008) },
    improvement: {
      loss: { difference: around(0.4, 0.1, 0.7), test: { name: 'paired-bootstrap', p: 0.004 } },
      metric: { difference: around(-0.01, -0.022, 0.002), test: { name: 'mcnemar', p: 0.115 } },
    },
    bestEpoch: null,
    end: 'early-stop',
    better: false,
    output: null,
    checkpoint: 'small.distilled.onnx.checkpoint.npz',
  });
}

/** Interrupted before anything was done. */
export function interruptedCase(): DistillResult {
  return betterCase({
    after: null,
    improvement: null,
    epochs: [],
    bestEpoch: null,
    stepMs: null,
    end: 'interrupted',
    better: false,
    output: null,
  });
}
