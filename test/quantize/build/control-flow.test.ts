import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { allGraphsOf } from '../../../src/onnx/traverse.ts';
import { derivedBlocks } from '../../../src/quantize/blocks/derived-blocks.ts';
import { productWeight } from '../../../src/quantize/blocks/product-weight.ts';
import { rewriteMatMulBlocks } from '../../../src/quantize/blocks/rewrite-matmul-blocks.ts';
import { rewriteWeightQdq } from '../../../src/quantize/blocks/rewrite-weight-qdq.ts';
import { buildCandidate } from '../../../src/quantize/build/build-candidate.ts';
import { branchValues } from '../../../src/quantize/calibration/branch-values.ts';
import { collectInBranches } from '../../../src/quantize/calibration/collect-in-branches.ts';
import { scaleAndZeroPoint } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import type { CandidatePlan } from '../../../src/quantize/plan/candidate-plan.ts';
import { exclusionOf } from '../../../src/quantize/plan/exclusion.ts';
import { findLayers } from '../../../src/quantize/plan/find-layers.ts';
import { int8Plans } from '../../../src/quantize/plan/int8-plans.ts';
import { tellApart } from '../../../src/quantize/plan/tell-apart.ts';
import { blocksPlan, int8WeightsPlan } from '../../../src/quantize/plan/weight-plans.ts';
import { allNodes } from '../../../src/quantize/rewrite/node-key.ts';
import type { Method } from '../../../src/quantize/vocabulary.ts';
import { openOnnxSession } from '../../../src/runtime/onnxruntime.ts';
import { calibrated } from '../../compute/calibration/calibrated.ts';
import {
  branchedConvolutions,
  branchedProducts,
  loopedConvolution,
  loopedProducts,
  no,
  yes,
} from '../branched-models.ts';
import { noise, run, sqnr } from '../rewrite/run-models.ts';

type ParametersOf = Parameters<typeof buildCandidate>[2]['parametersOf'];

function prepared(model: Model) {
  tellApart(model);
  const exclusion = exclusionOf([]);
  const layers = findLayers(model, exclusion);
  const plansOf = (method: Method) => int8Plans({ model, layers, method, exclusion, embeddings: false });
  return { model, layers, plansOf };
}

function build(model: Model, plan: CandidatePlan | undefined, parametersOf: ParametersOf = () => null) {
  if (plan === undefined) throw new RangeError('there is no plan');
  const built = buildCandidate(model, plan, { parametersOf, perChannel: true, reduced: true, rewriteWeights });
  checkGraph(built.model);
  expect([...built.done.keys()]).toEqual(expect.arrayContaining([...plan.treatments.keys()]));
  return built.model;
}

function rewriteWeights(model: Model, nodes: readonly Node[], treatment: 'blocks' | 'weights'): ReadonlySet<Node> {
  if (treatment === 'weights') rewriteWeightQdq(model, nodes);
  else
    for (const node of nodes) {
      const weight = productWeight(node);
      if (weight === null) continue;
      const format = { bits: 8, blockSize: 32, symmetric: false, method: 'rtn' } as const;
      rewriteMatMulBlocks(model, node, {
        tensors: derivedBlocks(weight.tensor, { ...format, ...weight }),
        accuracyLevel: 0,
      });
    }
  return new Set(nodes);
}

/** Operators in bodies as onnxruntime runs them, sorted. */
async function opsInBodies(model: Model): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'infer-bodies-'));
  try {
    const optimizedPath = join(folder, 'optimized.onnx');
    const options = { modelPath: '', bytes: encodeModel(model), optimizedPath, optimization: 'extended' } as const;
    await (await openOnnxSession({ ...options, provider: 'cpu', threads: 1, strictProvider: false })).release();
    const opened = openModel(optimizedPath);
    const ops = [...allNodes(opened.model)].filter(({ graph }) => graph !== opened.model.graph).map(({ op }) => op);
    opened.close();
    return ops.toSorted();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function expectClose(model: Model, quantized: Model, feeds: readonly NamedTensors[]): Promise<void> {
  for (const each of feeds) {
    const expected = await run(model, each);
    for (const level of ['disabled', 'extended', 'all'] as const)
      expect(sqnr(expected, await run(quantized, each, level))).toBeGreaterThan(25);
  }
}

const elementsOf = (model: Model, type: string) =>
  [...allGraphsOf(model.graph)].flatMap((graph) =>
    [...graph.initializers].flatMap(({ constant }) =>
      constant?.type === type && constant.dims.length === 2 ? [constant.elementCount] : [],
    ),
  );

const rows = [yes, no].map((condition) => ({ x: noise([5, 32], 9), condition }));

describe('products in branches', () => {
  it('quantize while they run, with kernels for integers, and go on sharing a weight', async () => {
    const { model, plansOf } = prepared(branchedProducts());
    const [dynamic] = plansOf('dynamic');
    expect(dynamic?.treatments.size).toBe(4);
    const quantized = build(model, dynamic);
    expect(elementsOf(quantized, 'int8').toSorted()).toEqual([1024, 1024, 256]);
    expect(elementsOf(quantized, 'float32')).toEqual([]);
    expect(await opsInBodies(quantized)).toEqual([
      'DynamicQuantizeMatMul',
      'DynamicQuantizeMatMul',
      'DynamicQuantizeMatMul',
      'If',
      'Neg',
      'Relu',
    ]);
    await expectClose(model, quantized, rows);
  });

  it('take weights in blocks, and int8 weights, each once', async () => {
    const { model, layers } = prepared(branchedProducts());
    const blocks = build(model, blocksPlan('blocks', { layers, embeddings: false }));
    expect((await opsInBodies(blocks)).filter((op) => op === 'MatMulNBits')).toHaveLength(3);
    expect(elementsOf(blocks, 'float32').filter((count) => count > 32)).toEqual([]);
    await expectClose(model, blocks, rows);
    const weights = build(model, int8WeightsPlan(layers));
    expect(elementsOf(weights, 'int8').toSorted()).toEqual([1024, 1024, 256]);
    await expectClose(model, weights, rows);
  });
});

describe('products in a loop', () => {
  const feeds = [{ x: noise([5, 32], 9) }];

  it('quantize while they run, and by nothing else', async () => {
    const { model, plansOf } = prepared(loopedProducts());
    expect(plansOf('auto').map(({ name }) => name)).toEqual(['dynamic']);
    const quantized = build(model, plansOf('dynamic')[0]);
    expect((await opsInBodies(quantized)).filter((op) => op === 'DynamicQuantizeMatMul')).toHaveLength(2);
    expect(elementsOf(quantized, 'float32')).toEqual([]);
    await expectClose(model, quantized, feeds);
  });

  it('take weights in blocks, and int8 weights', async () => {
    const { model, layers } = prepared(loopedProducts());
    await expectClose(model, build(model, blocksPlan('blocks', { layers, embeddings: false })), feeds);
    await expectClose(model, build(model, int8WeightsPlan(layers)), feeds);
  });
});

describe('convolutions in branches', () => {
  it('compute with integers by ranges that calibration saw through the If', async () => {
    const { model, plansOf } = prepared(branchedConvolutions());
    const feeds = [yes, no].map((condition, seed) => ({ x: noise([4, 3, 8, 8], seed), condition }));
    const outside = [...model.graph.nodes()].flatMap(({ outputs }) => outputs.map((value) => value?.name ?? ''));
    const names = ['x', ...outside, ...branchValues(model).map(({ name }) => name)];
    const found = await collectInBranches({ ...calibrated(model, feeds), values: names.map((name) => ({ name })) });
    const quantized = build(model, plansOf('static')[0], (name) => {
      const range = found.values.get(name);
      return range === undefined ? null : scaleAndZeroPoint(range, { type: 'uint8', symmetric: false, reduced: false });
    });
    const ops = await opsInBodies(quantized);
    expect(ops.filter((op) => op === 'QLinearConv')).toHaveLength(3);
    // The Relu between two of them is in the saturation of the first.
    expect(ops.filter((op) => /Conv|Relu/.test(op))).toHaveLength(3);
    await expectClose(model, quantized, feeds);
  });

  it('stay in float in a branch that calibration never saw', () => {
    const { model, plansOf } = prepared(branchedConvolutions());
    const [plan] = plansOf('static');
    const options = { parametersOf: () => null, perChannel: true, reduced: false, rewriteWeights };
    const { done, unknown } = buildCandidate(model, plan ?? { name: '', treatments: new Map() }, options);
    expect(done.size).toBe(0);
    expect(unknown.size).toBe(4);
  });
});

describe('convolutions in a loop', () => {
  it('have their weights made int8 where a model has no other layer', async () => {
    const { model, plansOf } = prepared(loopedConvolution());
    for (const method of ['auto', 'static'] as const) {
      const plans = plansOf(method);
      expect(plans.map(({ name }) => name)).toEqual(['int8 weights']);
      const quantized = build(model, plans[0]);
      expect(elementsOf(quantized, 'float32')).toEqual([]);
      await expectClose(model, quantized, [{ x: noise([2, 8, 6, 6], 5) }]);
    }
    expect(plansOf('dynamic')).toEqual([]);
  });
});
