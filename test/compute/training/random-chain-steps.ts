import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { TensorProto_DataType } from 'onnx-buf';
import type { GraphBuilder, PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { floats, longs } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import type { Random } from '../../../src/stats/seeded-random.ts';

/** A value under construction and its shape. */
export interface Item {
  readonly value: Value;
  readonly dims: readonly number[];
}

/** What a step of a chain writes with. */
interface Desk {
  readonly g: GraphBuilder;
  readonly random: Random;
  readonly items: readonly Item[];
  /** A new input of a shape, to be differentiated. */
  parameter(dims: readonly number[]): Value;
}

type Step = (desk: Desk, x: Item) => readonly Item[];

type Attributes = Readonly<Record<string, PlainAttribute>>;

/** One operator that keeps the shape. */
function keeping(op: string, attributes: Attributes = {}): Step {
  return ({ g }, { value, dims }) => [{ value: g.op(op, [value], { attributes }), dims }];
}

function binary({ g }: Desk, op: string, [a, b]: readonly [Item, Item]): readonly Item[] {
  return [{ value: g.op(op, [a.value, b.value]), dims: a.dims }];
}

/** Another value of the same shape, of those made so far or a new parameter that broadcasts to it. */
function partner({ items, random, parameter }: Desk, { dims }: Item): Item {
  const alike = items.filter((item) => item.dims.join() === dims.join());
  const found = alike[random.integer(alike.length + 1)];
  if (found !== undefined) return found;
  const own = dims.slice(random.integer(dims.length + 1)).map((dim) => (random.integer(3) === 0 ? 1 : dim));
  return { value: parameter(own), dims: own };
}

/** The shape with another length of its last axis. */
function withLast(dims: readonly number[], length: number): readonly number[] {
  return [...dims.slice(0, -1), length];
}

const joining =
  (op: string): Step =>
  (desk, x) =>
    binary(desk, op, [x, partner(desk, x)]);

function scalar(g: GraphBuilder, number: number): Item {
  return { value: g.constant('scalar', floats([], [number])), dims: [] };
}

/** f(x² + 1): nowhere near a pole. */
const ofPositive =
  (op: string): Step =>
  ({ g }, { value, dims }) => [
    { value: g.op(op, [g.op('Add', [g.op('Mul', [value, value]), scalar(g, 1).value])]), dims },
  ];

/** Ways to go on from a value; none where the value's shape does not suit. */
export const chainSteps: readonly Step[] = [
  ...['Tanh', 'Sigmoid', 'Gelu', 'Erf', 'Relu', 'LeakyRelu', 'HardSwish', 'Identity', 'Neg'].map((op) => keeping(op)),
  keeping('Softmax'),
  keeping('LogSoftmax'),
  keeping('Gelu', { approximate: 'tanh' }),
  ...['Add', 'Sub', 'Mul', 'Add', 'Mul', 'Max'].map(joining),
  ...['Sqrt', 'Log', 'Reciprocal'].map(ofPositive),
  ({ g }, { value, dims }) => [{ value: g.op('Exp', [g.op('Tanh', [value])]), dims }],
  ({ g }, { value, dims }) => [{ value: g.op('Clip', [value, scalar(g, -1).value, scalar(g, 0.8).value]), dims }],
  (desk, x) => {
    const { value, dims } = partner(desk, x);
    const below = desk.g.op('Exp', [desk.g.op('Tanh', [value])]);
    return binary(desk, 'Div', [x, { value: below, dims }]);
  },
  ({ g, parameter, random }, { value, dims }) => {
    const [inner = 1, columns] = [dims.at(-1), 1 + random.integer(4)];
    return dims.length < 2
      ? []
      : [{ value: g.op('MatMul', [value, parameter([inner, columns])]), dims: withLast(dims, columns) }];
  },
  ({ g, parameter, random }, { value, dims }) => {
    const [rows, inner] = dims;
    const columns = 1 + random.integer(4);
    if (dims.length !== 2 || rows === undefined || inner === undefined) return [];
    const inputs = [value, parameter([columns, inner]), parameter([columns])];
    return [
      { value: g.op('Gemm', inputs, { attributes: { transB: 1, alpha: { float: 0.5 } } }), dims: [rows, columns] },
    ];
  },
  // The core of attention: softmax(x·xᵀ/2)·x
  ({ g }, { value, dims }) => {
    const rank = dims.length;
    if (rank < 2) return [];
    const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
    const scores = g.op('MatMul', [value, g.op('Transpose', [value], { attributes: { perm } })]);
    return [{ value: g.op('MatMul', [g.op('Softmax', [g.op('Mul', [scores, scalar(g, 0.5).value])]), value]), dims }];
  },
  ({ g, parameter, random }, { value, dims: [batch = 1, channels = 1, h = 1, w = 1, ...rest] }) => {
    if (rest.length > 0 || h < 3 || w < 3) return [];
    const out = 1 + random.integer(3);
    const isDepthwise = random.integer(2) === 0;
    const [group, made] = isDepthwise ? [channels, channels] : [1, out];
    const inputs = [value, parameter([made, channels / group, 3, 3]), parameter([made])];
    const conv = g.op('Conv', inputs, { attributes: { group, pads: [1, 1, 1, 1] } });
    return [{ value: conv, dims: [batch, made, h, w] }];
  },
  ({ g, random }, { value, dims: [batch = 1, channels = 1, h = 1, w = 1, ...rest] }) => {
    if (rest.length > 0 || h < 3 || w < 3) return [];
    const attributes = { kernel_shape: [2, 2], strides: [1, 1] };
    const op = random.integer(2) === 0 ? 'MaxPool' : 'AveragePool';
    return [{ value: g.op(op, [value], { attributes }), dims: [batch, channels, h - 1, w - 1] }];
  },
  ({ g, parameter }, { value, dims }) => {
    const own = dims.slice(1, 2);
    if (dims.length !== 4) return [];
    const still = (name: string, number: number) =>
      g.constant(
        name,
        floats(
          own,
          Array.from({ length: own[0] ?? 0 }, () => number),
        ),
      );
    const inputs = [value, parameter(own), parameter(own), still('mean', 0.2), still('variance', 0.7)];
    return [{ value: g.op('BatchNormalization', inputs), dims }];
  },
  ({ g }, { value, dims }) =>
    dims.length === 4 ? [{ value: g.op('GlobalAveragePool', [value]), dims: [...dims.slice(0, 2), 1, 1] }] : [],
  ({ g, parameter }, { value, dims }) => {
    const own = dims.slice(-1);
    if ((own[0] ?? 0) < 3) return [];
    return [
      {
        value: g.op('LayerNormalization', [value, parameter(own), parameter(own)], { attributes: { epsilon: 0.01 } }),
        dims,
      },
    ];
  },
  ({ g, random }, { value, dims }) => {
    if (dims.length < 2) return [];
    const axis = random.integer(dims.length);
    const op = random.integer(2) === 0 ? 'ReduceMean' : 'ReduceSum';
    const reduced = g.op(op, [value, g.constant('axes', longs([axis]))], { attributes: { keepdims: 0 } });
    return [{ value: reduced, dims: dims.toSpliced(axis, 1) }];
  },
  ({ g, random }, { value, dims }) => {
    const perm = random.shuffle([...dims.keys()]);
    if (perm.length === 0) return [];
    return [{ value: g.op('Transpose', [value], { attributes: { perm } }), dims: perm.map((axis) => dims[axis] ?? 1) }];
  },
  ({ g }, { value, dims }) => {
    if (dims.length < 2) return [];
    const flat = [dims[0] ?? 1, elementCount(dims.slice(1))];
    return [{ value: g.op('Reshape', [value, g.constant('shape', longs([0, -1]))]), dims: flat }];
  },
  ({ g }, { value, dims }) =>
    dims.length < 4
      ? [{ value: g.op('Unsqueeze', [value, g.constant('axes', longs([1]))]), dims: dims.toSpliced(1, 0, 1) }].filter(
          () => dims.length > 0,
        )
      : [],
  ({ g }, { value, dims }) => [
    {
      value: g.op('Concat', [value, g.op('Tanh', [value])], { attributes: { axis: -1 } }),
      dims: withLast(dims, 2 * (dims.at(-1) ?? 0)),
    },
  ],
  // Both halves go on; one of them may end unread.
  ({ g }, { value, dims }) => {
    const length = dims.at(-1) ?? 0;
    if (length < 2) return [];
    const sizes = [1, length - 1];
    const parts = g.ops('Split', [value, g.constant('sizes', longs(sizes))], { outputs: 2, attributes: { axis: -1 } });
    return parts.map((part, index) => ({ value: part, dims: withLast(dims, sizes[index] ?? 0) }));
  },
  ({ g }, { value, dims }) => {
    const length = dims.at(-1) ?? 0;
    if (length < 2) return [];
    const cut = [[-1], [0], [-1], [-1]].map((numbers) => g.constant('cut', longs(numbers)));
    return [{ value: g.op('Slice', [value, ...cut]), dims: withLast(dims, length - 1) }];
  },
  ({ g, random }, { value, dims }) => {
    const length = dims[0] ?? 0;
    const rows = Array.from({ length: 3 }, () => random.integer(length));
    return [{ value: g.op('Gather', [value, g.constant('rows', longs(rows))]), dims: dims.with(0, 3) }];
  },
  ({ g }, { value, dims }) => {
    const pads = g.constant('pads', longs([1, 0]));
    return [
      {
        value: g.op('Pad', [value, pads, null, g.constant('axes', longs([-1]))]),
        dims: withLast(dims, (dims.at(-1) ?? 0) + 1),
      },
    ];
  },
  ({ g }, { value, dims }) =>
    [{ value: g.op('Expand', [value, g.constant('shape', longs([2, ...dims]))]), dims: [2, ...dims] }].filter(
      () => dims.length < 4,
    ),
  ({ g, random }, { value, dims }) => {
    const data = Uint8Array.from({ length: dims.at(-1) ?? 0 }, () => random.integer(2));
    const mask = g.constant('mask', { type: 'bool', dims: dims.slice(-1), data });
    return [{ value: g.op('Where', [mask, value, scalar(g, -1).value]), dims }];
  },
  ({ g }, { value, dims }) => {
    const wide = g.op('Cast', [value], { attributes: { to: TensorProto_DataType.DOUBLE } });
    const squared = g.op('Mul', [wide, wide]);
    return [{ value: g.op('Cast', [squared], { attributes: { to: TensorProto_DataType.FLOAT } }), dims }];
  },
];
