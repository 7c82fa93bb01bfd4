import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { saveModel } from '../../../src/onnx/file/save-model.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import type { BlockTensors } from '../../../src/quantize/blocks/block-tensors.ts';
import { dequantizeRows } from '../../../src/quantize/blocks/dequantize-blocks.ts';
import { derivedBlocks } from '../../../src/quantize/blocks/derived-blocks.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import type { BlockSettings } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { gatherTable, rewriteGatherBlocks, tiedProducts } from '../../../src/quantize/blocks/rewrite-gather-blocks.ts';
import { rewriteMatMulBlocks } from '../../../src/quantize/blocks/rewrite-matmul-blocks.ts';
import { floatsIn, gaussianWeight, runModel, transposed } from './samples.ts';

const ids = longs([3, 0, -1]);
const how: BlockSettings = { bits: 4, blockSize: 32, symmetric: false, method: 'rtn' };

function tableOf(rows: number, width: number): Float32Array {
  return transposed(gaussianWeight({ k: width, n: rows }, 4)).data;
}

/** Embeddings, and logits by the same table: directly, by a Gemm, or through a Transpose. */
function tiedModel(
  table: Tensor,
  last: 'none' | 'gemm' | 'transpose',
): { model: Model; gather: Node; products: readonly Node[] } {
  const g = new GraphBuilder();
  const [rows = 0, width = 0] = table.dims;
  const w = g.constant('table', table);
  const embedded = g.op('Gather', [w, g.input('ids', 'int64', [3])]);
  let y = g.op('Relu', [embedded]);
  if (last === 'gemm') y = g.op('Gemm', [y, w], { attributes: { transB: 1 } });
  if (last === 'transpose') y = g.op('MatMul', [y, g.op('Transpose', [w], { attributes: { perm: [1, 0] } })]);
  g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: [3, last === 'none' ? width : rows] });
  const gather = embedded.producer;
  if (gather === null) throw new TypeError('no node');
  const found = gatherTable(gather);
  return { model: g.model(), gather, products: found === null ? [] : tiedProducts(found) };
}

function rewriteAll({ model, gather, products }: ReturnType<typeof tiedModel>, tensors: BlockTensors): boolean {
  const done = rewriteGatherBlocks(model, gather, { tensors, isTied: products.length > 0 });
  for (const node of products) expect(rewriteMatMulBlocks(model, node, { tensors, accuracyLevel: 0 })).toBe(true);
  checkGraph(model);
  return done;
}

describe('rewriteGatherBlocks', () => {
  test.each([
    { last: 'none', width: 64, bits: 4 },
    { last: 'none', width: 40, bits: 8 },
    { last: 'gemm', width: 64, bits: 4 },
    { last: 'transpose', width: 64, bits: 8 },
    { last: 'transpose', width: 40, bits: 4 },
  ] as const)(
    '$bits bits, rows of $width, last layer $last: as with the rounded table',
    async ({ last, width, bits }) => {
      const data = tableOf(7, width);
      const blocks = quantizeBlocks({ data, k: width, n: 7, isTransposed: true }, { ...how, bits });
      const dims = [7, width];
      const exact = tiedModel(Tensor.fromDense({ type: 'float32', dims, data: dequantizeRows(blocks) }), last);
      const { y: expected } = await runModel(exact.model, { ids });
      const tied = tiedModel(Tensor.fromDense({ type: 'float32', dims, data }), last);
      expect(tied.products).toHaveLength(last === 'none' ? 0 : 1);
      expect(rewriteAll(tied, packBlocks(blocks))).toBe(true);
      expect([...tied.model.graph.initializers].filter(({ name }) => name === 'table')).toEqual([]);
      const { y: found } = await runModel(tied.model, { ids });
      const wanted = floatsIn(expected);
      for (const [i, value] of floatsIn(found).entries()) expect(value).toBeCloseTo(wanted[i] ?? NaN, 5);
    },
  );

  test('stores a tied table once', () => {
    const data = tableOf(200, 64);
    const tied = tiedModel(Tensor.fromDense({ type: 'float32', dims: [200, 64], data }), 'transpose');
    rewriteAll(tied, packBlocks(quantizeBlocks({ data, k: 64, n: 200, isTransposed: true }, { ...how, bits: 8 })));
    const once = 200 * 64 + 200 * 2 * 5;
    expect(encodeModel(tied.model).length).toBeLessThan(once + 1000);
  });

  test('leaves alone columns, rows of half bytes, and tables that are computed', () => {
    const g = new GraphBuilder();
    const input = g.input('ids', 'int64', [3]);
    const table = g.constant('table', floats([4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    const outputs = [
      g.op('Gather', [table, input], { attributes: { axis: 1 } }),
      g.op('Gather', [table, input]),
      g.op('Gather', [g.op('Relu', [table]), input]),
    ];
    const model = g.model();
    const tensors = packBlocks(quantizeBlocks({ data: tableOf(4, 3), k: 3, n: 4, isTransposed: true }, how));
    const nodes = outputs.flatMap(({ producer }) => producer ?? []);
    expect(nodes.map((node) => rewriteGatherBlocks(model, node, { tensors, isTied: false }))).toEqual([
      false,
      false,
      false,
    ]);
    expect(model.opsets.has('com.microsoft')).toBe(false);
  });
});

describe('derivedBlocks', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infer-blocks-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const settings: readonly BlockSettings[] = [
    how,
    { bits: 8, blockSize: 16, symmetric: true, method: 'mse' },
    { bits: 4, blockSize: 64, symmetric: false, method: 'k-quant' },
  ];
  test.each(settings)('$method, $bits bits: the file of the eager ones, the weight loaded once', async (setting) => {
    for (const externalData of ['inline', 'external'] as const) {
      const eager = await saved(setting, { folder, externalData, isDerived: false });
      const derived = await saved(setting, { folder, externalData, isDerived: true });
      expect(derived.files).toEqual(eager.files);
      expect(derived.loads).toBe(1);
    }
  });

  test('say the same when asked in another order, or again', () => {
    const data = tableOf(150, 40);
    const tensor = Tensor.fromDense({ type: 'float32', dims: [150, 40], data });
    const options = { ...how, k: 40, n: 150, isTransposed: true };
    const eager = packBlocks(quantizeBlocks({ data, k: 40, n: 150, isTransposed: true }, how));
    const derived = derivedBlocks(tensor, options);
    for (const key of ['zeroPoints', 'scales', 'b', 'rows', 'scales', 'zeroPoints', 'zeroPoints'] as const)
      expect(Buffer.compare(derived[key]?.bytes() ?? Buffer.of(), eager[key]?.bytes() ?? Buffer.of())).toBe(0);
  });
});

interface SaveCase {
  readonly folder: string;
  readonly externalData: 'inline' | 'external';
  readonly isDerived: boolean;
}

async function saved(setting: BlockSettings, { folder, externalData, isDerived }: SaveCase) {
  const { data, k, n } = gaussianWeight({ k: 100, n: 130 }, 11);
  let loads = 0;
  const load = () => {
    loads++;
    return new Uint8Array(data.slice().buffer);
  };
  const tensor = new Tensor({ type: 'float32', dims: [k, n], storage: { kind: 'stored', elements: { load } } });
  const tensors = isDerived
    ? derivedBlocks(tensor, { ...setting, k, n, isTransposed: false })
    : packBlocks(quantizeBlocks({ data, k, n, isTransposed: false }, setting));
  const g = new GraphBuilder();
  const product = g.op('MatMul', [g.input('x', 'float32', ['m', k]), g.constant('w', tensor)]);
  g.output(product, 'y', { kind: 'tensor', elementType: 'float32', shape: ['m', n] });
  const model = g.model();
  if (product.producer !== null) rewriteMatMulBlocks(model, product.producer, { tensors, accuracyLevel: 4 });
  // A folder of its own: a data file is not written over one that is there.
  const path = join(await mkdtemp(join(folder, 'one-')), 'model.onnx');
  const { dataPath } = await saveModel(model, path, { externalData });
  const paths = dataPath === null ? [path] : [path, dataPath];
  return {
    files: await Promise.all(
      paths.map(async (file) =>
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ),
    ),
    loads,
  };
}
