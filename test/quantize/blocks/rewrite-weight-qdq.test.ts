import { describe, expect, test } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Node } from '../../../src/onnx/node.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { channelIntegers, channelScales } from '../../../src/quantize/blocks/channel-integers.ts';
import { rewriteWeightQdq } from '../../../src/quantize/blocks/rewrite-weight-qdq.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { floatsIn, gaussianWeight, runModel } from './samples.ts';

const random = (count: number, seed = 1) => [...gaussianWeight({ k: count, n: 1 }, seed).data];

/** float32 weights rounded along an axis, by the formulas alone. */
function roundedBy(dims: readonly number[], values: readonly number[], axis: number): number[] {
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const channelOf = (i: number) => Math.floor(i / inner) % (dims[axis] ?? 1);
  const most = Array.from({ length: dims[axis] ?? 1 }, () => 0);
  for (const [i, x] of values.entries())
    most[channelOf(i)] = Math.max(most[channelOf(i)] ?? 0, Math.abs(Math.fround(x)));
  return values.map((x, i) => {
    const scale = Math.fround(Math.fround(2 * (most[channelOf(i)] ?? 0)) / 254) || 1;
    const ratio = Math.fround(Math.fround(x) / scale);
    const floor = Math.floor(ratio);
    const up = ratio - floor > 0.5 || (ratio - floor === 0.5 && floor % 2 !== 0);
    return (up ? floor + 1 : floor) * scale;
  });
}

interface Case {
  readonly name: string;
  readonly dims: readonly number[];
  readonly axis: number;
  readonly build: (g: GraphBuilder, w: Value) => Value;
}

const x = (g: GraphBuilder, dims: readonly number[]) =>
  g.constant(
    'x',
    floats(
      dims,
      random(
        dims.reduce((a, b) => a * b, 1),
        5,
      ),
    ),
  );
const cases: readonly Case[] = [
  { name: 'MatMul', dims: [6, 4], axis: 1, build: (g, w) => g.op('MatMul', [x(g, [3, 6]), w]) },
  { name: 'MatMul of three axes', dims: [2, 6, 4], axis: 2, build: (g, w) => g.op('MatMul', [x(g, [2, 3, 6]), w]) },
  {
    name: 'MatMul through a Transpose',
    dims: [4, 6],
    axis: 0,
    build: (g, w) => g.op('MatMul', [x(g, [3, 6]), g.op('Transpose', [w])]),
  },
  { name: 'Gemm', dims: [6, 4], axis: 1, build: (g, w) => g.op('Gemm', [x(g, [3, 6]), w]) },
  {
    name: 'Gemm with transB',
    dims: [4, 6],
    axis: 0,
    build: (g, w) => g.op('Gemm', [x(g, [3, 6]), w], { attributes: { transB: 1 } }),
  },
  { name: 'Conv', dims: [4, 3, 2, 2], axis: 0, build: (g, w) => g.op('Conv', [x(g, [1, 3, 5, 5]), w]) },
  {
    name: 'ConvTranspose',
    dims: [3, 4, 2, 2],
    axis: 1,
    build: (g, w) => g.op('ConvTranspose', [x(g, [1, 3, 5, 5]), w]),
  },
  { name: 'Gather', dims: [4, 6], axis: 0, build: (g, w) => g.op('Gather', [w, g.constant('ids', longs([3, 1]))]) },
];

function modelOf({ dims, build }: Case, values: readonly number[], opset = 17) {
  const g = new GraphBuilder();
  const y = g.op('Identity', [build(g, g.constant('w', floats(dims, values)))]);
  g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: null });
  const model = g.model({ opset });
  return { model, nodes: [...model.graph.nodes()].filter((node) => !node.is('Identity', 'Transpose')) };
}

describe('rewriteWeightQdq', () => {
  test.each(cases)("$name: onnxruntime's outputs are those of the rounded weight", async (sample) => {
    const { dims, axis } = sample;
    const values = random(dims.reduce((product, dim) => product * dim, 1));
    const { y: expected } = await runModel(modelOf(sample, roundedBy(dims, values, axis)).model, {});
    const { model, nodes } = modelOf(sample, values);
    expect(rewriteWeightQdq(model, nodes)).toBe(1);
    checkGraph(model);
    expect(model.graph.firstNode?.op).toBe('DequantizeLinear');
    expect(model.graph.firstNode?.int('axis', -9)).toBe(axis);
    const { y: found } = await runModel(model, {});
    expect(floatsIn(found)).toEqual(floatsIn(expected));
  });

  test('shares a table between Gather and the last layer', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([50, 40], random(2000)));
    const rows = g.op('Gather', [w, g.input('ids', 'int64', [3])]);
    const turned = g.op('Transpose', [w]);
    const logits = [g.op('MatMul', [rows, turned]), g.op('MatMul', [rows, turned])];
    g.output(g.op('Add', logits), 'y');
    const model = g.model();
    const nodes = [...model.graph.nodes()];
    expect(
      rewriteWeightQdq(
        model,
        nodes.filter((node) => node.is('Gather', 'MatMul')),
      ),
    ).toBe(3);
    expect(nodesOf(model.graph.nodes(), 'DequantizeLinear')).toHaveLength(1);
    expect(encodeModel(model).length).toBeLessThan(2000 + 50 * 5 + 600);
  });

  test('leaves alone a Transpose that others read, and computed weights', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([4, 4], random(16)));
    const turned = g.op('Transpose', [w]);
    const input = g.input('x', 'float32', [4, 4]);
    g.output(g.op('MatMul', [input, turned]), 'y');
    g.output(g.op('Relu', [turned]), 'z');
    g.output(g.op('MatMul', [input, g.op('Relu', [w])]), 'v');
    const model = g.model();
    expect(rewriteWeightQdq(model, model.graph.nodes())).toBe(0);
    const { model: old, nodes } = modelOf(cases[0] as Case, random(24), 12);
    expect(rewriteWeightQdq(old, nodes)).toBe(0);
  });

  test('refuses what is not finite, and gives zeros the scale 1', () => {
    const tensor = (value: number) => Tensor.fromDense(floats([2, 2], [0, 0, 0, value]));
    expect(() => channelScales(tensor(NaN), 0)).toThrow(RangeError);
    expect(() => channelScales(tensor(Infinity), 0)).toThrow(RangeError);
    const scales = channelScales(tensor(-2), 0);
    expect(scales[0]).toBe(1);
    expect([...channelIntegers(tensor(-2), { axis: 0, scales })]).toEqual([0, 0, 0, -127]);
  });
});

function nodesOf(nodes: Iterable<Node>, op: string): readonly Node[] {
  return [...nodes].filter((node) => node.is(op));
}
