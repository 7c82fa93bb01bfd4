import type { GraphFigures, OptimizeResult, Verification } from '../../src/optimize/optimize-result.ts';
import { environment, estimate } from './fixture-bench-result.ts';

const operators = { Constant: 250, Conv: 53, BatchNormalization: 35, Add: 26, Relu: 9, MatMul: 1 };

function figures(sketch: Partial<GraphFigures> = {}): GraphFigures {
  const initializers = 12;
  const macs = 16_315_376;
  return { nodes: 374, operators, initializers, constantBytes: 534_528, macs, opset: 9, irVersion: 7, ...sketch };
}

type Compared = Exclude<Verification, { status: 'skipped' }>;

const same = { name: 'y', matches: true, maxAbs: 2.98e-7, maxRel: 1.2e-6, mismatches: 0, random: false };

/** Outputs that were compared, and are equal unless the sketch says otherwise. */
export function compared(sketch: Partial<Compared> = {}): Compared {
  return {
    status: 'equal',
    inputs: 3,
    fromData: 0,
    data: null,
    seed: 0,
    batched: false,
    tolerance: { absolute: 1e-4, relative: 1e-3 },
    outputs: [same],
    failure: null,
    ...sketch,
  };
}

/** The common case: cleaned, compared, written. */
export function cleanedCase(sketch: Partial<OptimizeResult> = {}): OptimizeResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'optimize', 'models/cls.onnx'],
    environment,
    warnings: [],
    kind: 'optimize',
    ok: true,
    model: { path: 'models/cls.onnx', sizeBytes: 578_966, externalBytes: 0 },
    output: { path: 'models/cls.optimized.onnx', sizeBytes: 529_469, dataPath: null, dataBytes: 0, externalBytes: 0 },
    before: figures(),
    after: figures({
      nodes: 71,
      operators: { Conv: 53, Relu: 9, Add: 8, Gemm: 1 },
      initializers: 109,
      constantBytes: 509_952,
    }),
    dims: { batch: 1, 'x#2': 48 },
    passes: [
      { pass: 'constants-to-initializers', changes: 1, nodesRemoved: 250 },
      { pass: 'fold-constants', changes: 0, nodesRemoved: 0 },
      { pass: 'fuse-conv-batch-normalization', changes: 2, nodesRemoved: 35 },
    ],
    rounds: 3,
    verification: compared(),
    speedup: null,
    benchFailure: null,
    interrupted: false,
    elapsedMs: 1234,
    ...sketch,
  };
}

/** Everything there is to say: data, a dynamic batch, a data file, a measured latency and warnings. */
export function measuredCase(): OptimizeResult {
  return cleanedCase({
    output: {
      path: 'out/cls|clean.onnx',
      sizeBytes: 20_480,
      dataPath: 'out/cls|clean.onnx.data',
      dataBytes: 589_824,
      externalBytes: 589_824,
    },
    after: figures({ nodes: 71, operators: { Conv: 53 }, opset: 21, macs: null }),
    verification: compared({
      inputs: 8,
      fromData: 5,
      data: 'samples.npz',
      batched: true,
      outputs: [same, { name: 'noise', matches: true, maxAbs: 3, maxRel: 1, mismatches: 9, random: true }],
    }),
    speedup: { ratio: estimate(1.31, 0.05), pairs: 3, ep: 'cpu', threads: 2 },
    warnings: [
      { code: 'dimension-assumed', details: { model: 'models/cls.onnx', dimension: 'sequence', value: 128 } },
      { code: 'one-round', details: { rounds: 1 } },
    ],
  });
}

/** Outputs that differ: nothing was written. */
export function differentCase(): OptimizeResult {
  const outputs = [
    { name: 'y', matches: false, maxAbs: 0.25, maxRel: 0.5, mismatches: 1, random: false },
    { name: 'z', matches: false, maxAbs: null, maxRel: null, mismatches: 1200, random: false },
  ];
  return cleanedCase({ ok: false, output: null, verification: compared({ status: 'different', outputs }) });
}

/** A model that was clean already, was not compared, and whose measurement failed. */
export function untouchedCase(): OptimizeResult {
  return cleanedCase({
    after: figures(),
    dims: {},
    passes: [{ pass: 'fold-constants', changes: 0, nodesRemoved: 0 }],
    rounds: 1,
    verification: { status: 'skipped' },
    benchFailure: {
      code: 'process-timeout',
      details: { model: 'models/cls.onnx', stage: 'measure', timeoutMs: 120_000 },
    },
  });
}
