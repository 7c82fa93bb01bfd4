import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long, longs, type OpOptions } from '../../../src/onnx/graph-builder.ts';
import { removeNoops } from '../../../src/onnx/passes/remove-noops.ts';
import { type Shape, tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, opsOf, ramp } from './clean-up-check.ts';

interface Case {
  readonly op: string;
  /** Constants after the first input; null leaves one out, and 'x' is the input itself. */
  readonly inputs?: readonly (DenseTensor | null | 'x')[];
  /** Place of the input that is fed. */
  readonly at?: number;
  readonly attributes?: OpOptions['attributes'];
  readonly opset?: number;
  readonly shape?: Shape;
  readonly dims?: readonly number[];
  /** Type of the output. */
  readonly type?: DataType;
}

/** Relu, the node in question, Neg: what is in the middle is neither fed nor returned. */
function build({ op, inputs = [], attributes = {}, opset = 17, dims = [2, 3, 4], ...rest }: Case) {
  const { at = 0, shape = dims, type = 'float32' } = rest;
  const g = new GraphBuilder();
  const x = g.op('Relu', [g.input('x', 'float32', shape)]);
  const others = inputs.map((tensor) =>
    tensor === null || tensor === 'x' ? (tensor === null ? null : x) : g.constant('c', tensor),
  );
  const middle = g.op(op, [...others.slice(0, at), x, ...others.slice(at)], { attributes });
  g.output(g.op('Neg', [middle]), 'y', tensorType(type));
  return { model: g.model({ opset }), feeds: { x: ramp(dims) } };
}

const bool = (value: boolean, dims: readonly number[] = []): DenseTensor => ({
  type: 'bool',
  dims,
  data: Uint8Array.of(value ? 1 : 0),
});
const end = 2 ** 31 - 1;
const free: Shape = ['batch', 3, 'length'];
const unknown: Shape = [null, 3, null];

const noops: readonly Case[] = [
  { op: 'Identity', shape: unknown },
  { op: 'Dropout', opset: 7, attributes: { ratio: { float: 0.5 } } },
  { op: 'Dropout', opset: 13 },
  { op: 'Dropout', opset: 13, inputs: [floats([], [0.5]), bool(false)] },
  { op: 'Cast', attributes: { to: 1 }, shape: unknown },
  { op: 'CastLike', inputs: [floats([1], [0])] },
  { op: 'Concat', attributes: { axis: 1 } },
  { op: 'Sum' },
  { op: 'Max' },
  { op: 'Min' },
  { op: 'Mean' },
  { op: 'Split', attributes: { axis: 0 } },
  { op: 'Reshape', inputs: [longs([2, 3, 4])] },
  { op: 'Reshape', inputs: [longs([0, 3, 0])], shape: free },
  { op: 'Reshape', inputs: [longs([-1, 3, 4])], shape: ['batch', 3, 4] },
  { op: 'Flatten', dims: [5, 6] },
  { op: 'Squeeze', opset: 12 },
  { op: 'Squeeze', inputs: [longs([])] },
  { op: 'Unsqueeze', inputs: [longs([])] },
  { op: 'Expand', inputs: [longs([1, 3, 1])], shape: free },
  { op: 'Tile', inputs: [longs([1, 1, 1])], shape: free },
  { op: 'ReduceMean', attributes: { axes: [1], keepdims: 1 }, dims: [2, 1, 4] },
  { op: 'ReduceSum', inputs: [longs([])], attributes: { noop_with_empty_axes: 1 }, shape: free },
  { op: 'Slice', inputs: [longs([0]), longs([end]), longs([1])], shape: unknown },
  { op: 'Slice', inputs: [longs([0, 0]), longs([3, 9]), longs([1, 2]), longs([1, 1])] },
  { op: 'Slice', opset: 9, attributes: { starts: [0], ends: [end], axes: [1] } },
  { op: 'Pad', inputs: [longs([0, 0, 0, 0, 0, 0])], attributes: { mode: 'reflect' } },
  { op: 'Pad', opset: 10, attributes: { pads: [0, 0, 0, 0, 0, 0] } },
  { op: 'Transpose', attributes: { perm: [0, 1, 2] }, shape: unknown },
  { op: 'Transpose', attributes: { perm: [1, 0, 2] }, dims: [1, 1, 4] },
  { op: 'Transpose', dims: [4] },
  { op: 'Where', inputs: [bool(true), floats([1], [0])], at: 1 },
  { op: 'Where', inputs: [bool(false), floats([3, 1], [0, 1, 2])], at: 2 },
  { op: 'Resize', inputs: [null, floats([4], [1, 1, 1, 1])], dims: [1, 1, 2, 3], attributes: { mode: 'cubic' } },
  { op: 'Resize', inputs: [null, null, longs([1, 1, 2, 3])], dims: [1, 1, 2, 3], attributes: { mode: 'linear' } },
  { op: 'Resize', opset: 10, inputs: [floats([4], [1, 1, 1, 1])], dims: [1, 1, 2, 3] },
  { op: 'Upsample', opset: 9, inputs: [floats([4], [1, 1, 1, 1])], dims: [1, 1, 2, 3] },
  { op: 'Upsample', opset: 7, attributes: { scales: { floats: [1, 1, 1, 1] } }, dims: [1, 1, 2, 3] },
  { op: 'ScatterND', inputs: [{ ...longs([]), dims: [0, 3] }, floats([0], [])] },
  { op: 'Add', inputs: [floats([], [0])], shape: unknown },
  { op: 'Add', inputs: [floats([1, 4], [0, 0, 0, 0])], at: 1 },
  { op: 'Sub', inputs: [floats([1], [0])], shape: unknown },
  { op: 'Mul', inputs: [floats([1, 1, 1], [1])], at: 1, shape: unknown },
  { op: 'Mul', inputs: [floats([3, 1], [1, 1, 1])] },
  { op: 'Div', inputs: [floats([], [1])], opset: 7 },
  { op: 'Pow', inputs: [long(1)] },
];

const left: readonly Case[] = [
  { op: 'Cast', attributes: { to: 11 }, type: 'float64' },
  { op: 'Concat', inputs: ['x'], attributes: { axis: 1 } },
  { op: 'Clip', inputs: [floats([], [0])] },
  // Clips infinity.
  { op: 'Clip' },
  // Both shapes are [?, 3, ?], and not the same.
  { op: 'Reshape', inputs: [longs([4, 3, 2])], shape: unknown },
  { op: 'Reshape', inputs: [longs([-1, 3, 2])], shape: free },
  { op: 'Flatten' },
  { op: 'Expand', inputs: [longs([2, 1, 1, 1])] },
  { op: 'Tile', inputs: [longs([1, 1, 2])] },
  { op: 'ReduceMean', attributes: { axes: [1], keepdims: 0 }, dims: [2, 1, 4] },
  // Keeps the shape, but not the order.
  { op: 'Slice', inputs: [longs([-1]), longs([-end]), longs([1]), longs([-1])] },
  { op: 'Slice', inputs: [longs([1]), longs([end]), longs([1])], shape: unknown },
  { op: 'Pad', inputs: [longs([-1, 0, 0, 1, 0, 0])] },
  { op: 'Transpose', attributes: { perm: [1, 0, 2] }, dims: [2, 2, 3] },
  { op: 'Transpose', attributes: { perm: [2, 1, 0] }, dims: [4, 1, 4] },
  { op: 'Transpose', shape: unknown },
  { op: 'Where', inputs: [bool(true, [1, 1, 1, 1]), floats([1], [0])], at: 1 },
  { op: 'Where', inputs: [bool(true), floats([2, 2, 3, 4], [...ramp([48]).data].map(Number))], at: 1 },
  // The shape stays, the pixels move.
  { op: 'Resize', inputs: [null, floats([4], [1, 1, 1.2, 1.2])], dims: [1, 1, 4, 4], attributes: { mode: 'linear' } },
  {
    op: 'Resize',
    inputs: [floats([0], []), floats([4], [1, 1, 1, 1])],
    dims: [1, 1, 4, 4],
    opset: 11,
    attributes: { coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode: 'ceil' },
  },
  { op: 'Add', inputs: [floats([4], [0, 0, 0, 1])] },
  { op: 'Add', inputs: [floats([1, 1, 1, 1], [0])] },
  { op: 'Add', inputs: [floats([1], [0])], dims: [] },
  { op: 'Mul', inputs: [floats([4], [1, 1, 1, 1])], dims: [2, 1] },
  { op: 'Sub', inputs: [floats([], [0])], at: 1 },
  { op: 'Div', inputs: [floats([], [1])], at: 1 },
  { op: 'Pow', inputs: [floats([], [1])], at: 1 },
];

describe('removeNoops', () => {
  it.each(noops)('removes $op $attributes $inputs at $opset', async (example) => {
    const { model, feeds } = build(example);
    await expectCleaned(removeNoops, model, { feeds, ops: ['Relu', 'Neg'] });
  });

  it.each(left)('leaves $op $attributes $inputs at $opset', async (example) => {
    const { model, feeds } = build(example);
    await expectUntouched(removeNoops, model, feeds);
  });

  it('removes Clip of whole numbers without bounds', async () => {
    const g = new GraphBuilder();
    const x = g.op('Neg', [g.input('x', 'int32', [3])]);
    g.output(g.op('Neg', [g.op('Clip', [x])]), 'y', tensorType('int32', [3]));
    const feeds = { x: { type: 'int32', dims: [3], data: Int32Array.of(1, -(2 ** 31), 2 ** 31 - 1) } } as const;
    await expectCleaned(removeNoops, g.model(), { feeds, ops: ['Neg', 'Neg'] });
  });

  it('gives an output its name where a chain ends', async () => {
    const g = new GraphBuilder();
    const a = g.op('Relu', [g.input('x', 'float32', ['n'])]);
    g.output(g.op('Identity', [g.op('Identity', [a])]), 'y', tensorType('float32', ['m']));
    const feeds = { x: ramp([5]) };
    await expectCleaned(removeNoops, g.model(), { feeds, ops: ['Relu'] });
  });

  it('leaves what stands between an input and an output, a constant and an output, or two outputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    g.output(g.op('Identity', [x]), 'copy', tensorType('float32', [2]));
    g.output(g.op('Identity', [g.constant('c', floats([1], [7]))]), 'seven', tensorType('float32', [1]));
    const y = g.output(g.op('Relu', [x]), 'y', tensorType('float32', [2]));
    g.output(g.op('Identity', [y]), 'again', tensorType('float32', [2]));
    await expectUntouched(removeNoops, g.model(), { x: ramp([2]) });
  });

  it('leaves training, masks that are read, and defaults that a caller may override', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const zero = g.constant('zero', floats([1], [0]));
    g.output(g.op('Add', [g.op('Relu', [x]), zero]), 'sum', tensorType('float32', [2]));
    g.graph.exposeInitializer(zero);
    const [kept, mask] = g.ops('Dropout', [x], { outputs: 2 });
    g.output(g.op('Neg', [kept ?? x]), 'kept', tensorType('float32', [2]));
    g.output(mask ?? x, 'mask', tensorType('bool', [2]));
    await expectUntouched(removeNoops, g.model(), { x: ramp([2]), zero: floats([1], [3]) });
    const training = new GraphBuilder();
    const options = [training.constant('ratio', floats([], [0.5])), training.constant('mode', bool(true))];
    const noise = training.op('Dropout', [training.input('x', 'float32', [2]), ...options], {
      attributes: { seed: 1 },
    });
    training.output(training.op('Neg', [noise]), 'y', tensorType('float32'));
    await expectUntouched(removeNoops, training.model(), { x: ramp([2]) });
  });

  it.each(['Div', 'Reciprocal'])('leaves an added 0 that keeps %s from a negative zero', async (op) => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const positive = g.op('Add', [x, g.constant('zero', floats([], [0]))]);
    g.output(g.op(op, op === 'Div' ? [x, positive] : [positive]), 'y', tensorType('float32', [2]));
    const far = g.op('Sqrt', [g.op('Add', [x, g.constant('zero', floats([], [0]))])]);
    g.output(g.op(op, op === 'Div' ? [x, far] : [far]), 'z', tensorType('float32', [2]));
    await expectUntouched(removeNoops, g.model(), { x: floats([2], [-0, 1]) });
  });

  it('works inside subgraphs, but for what their outputs need', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    then.output(then.op('Identity', [then.op('Neg', [then.op('Identity', [x])])]));
    other.output(other.op('Identity', [x]));
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    g.output(g.op('If', [g.constant('c', bool(true))], { attributes }), 'y', tensorType('float32', [2]));
    const model = g.model();
    await expectCleaned(removeNoops, model, { feeds: { x: ramp([2]) }, ops: ['If'] });
    expect([then.graph, other.graph].map((graph) => Array.from(graph.nodes(), ({ op }) => op))).toEqual([
      ['Neg'],
      ['Identity'],
    ]);
  });

  it('goes by operator, not by name: other domains are left', () => {
    const g = new GraphBuilder();
    const x = g.op('Relu', [g.input('x', 'float32', [2])]);
    g.output(g.op('Neg', [g.op('Identity', [x], { domain: 'mine' })]), 'y', tensorType('float32', [2]));
    const model = g.model({ opsets: { mine: 1 } });
    expect(removeNoops.apply(model)).toBe(false);
    checkGraph(model);
    expect(opsOf(model)).toEqual(['Relu', 'Identity', 'Neg']);
  });
});
