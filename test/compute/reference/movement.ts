import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { dataTypeOfNumber } from '../../../src/onnx/file/data-type-number.ts';
import { isFloatType } from '../../../src/onnx/data-type.ts';
import type { NdArray } from './nd-array.ts';
import { at, axisOf, broadcastAt, broadcastShape, fill } from './nd-array.ts';
import type { NodeCall, ReferenceOp, ReferenceOps } from './reference-op.ts';

const reshape: ReferenceOp = ({ node, input, numbers }) => {
  const x = input(0);
  const asked = numbers(1) ?? [];
  const dims = asked.map((dim, axis) => (dim === 0 && node.int('allowzero', 0) === 0 ? (x.dims[axis] ?? 0) : dim));
  const known = dims.filter((dim) => dim !== -1).reduce((a, b) => a * b, 1);
  return [{ dims: dims.map((dim) => (dim === -1 ? x.data.length / known : dim)), data: x.data }];
};

const flatten: ReferenceOp = ({ node, input }) => {
  const x = input(0);
  const axis = axisOf(node.int('axis', 1), x);
  return [{ dims: [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis))], data: x.data }];
};

const squeeze: ReferenceOp = ({ input, numbers }) => {
  const x = input(0);
  const axes = numbers(1)?.map((axis) => axisOf(axis, x)) ?? null;
  return [{ dims: x.dims.filter((dim, axis) => (axes === null ? dim !== 1 : !axes.includes(axis))), data: x.data }];
};

const unsqueeze: ReferenceOp = ({ input, numbers }) => {
  const x = input(0);
  const asked = numbers(1) ?? [];
  const rank = x.dims.length + asked.length;
  const axes = new Set(asked.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...x.dims];
  return [
    { dims: Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() ?? 1))), data: x.data },
  ];
};

const transpose: ReferenceOp = ({ node, input }) => {
  const x = input(0);
  const perm = node.ints('perm') ?? [...x.dims.keys()].toReversed();
  return [
    fill(
      perm.map((axis) => x.dims[axis] ?? 0),
      (index) => {
        const source = x.dims.map(() => 0);
        for (const [to, from] of perm.entries()) source[from] = index[to] ?? 0;
        return at(x, source);
      },
    ),
  ];
};

const expand: ReferenceOp = ({ input, numbers }) => {
  const x = input(0);
  return [fill(broadcastShape([x.dims, numbers(1) ?? []]), (index) => broadcastAt(x, index))];
};

const tile: ReferenceOp = ({ input, numbers }) => {
  const x = input(0);
  const repeats = numbers(1) ?? [];
  return [
    fill(
      x.dims.map((dim, axis) => dim * (repeats[axis] ?? 1)),
      (index) =>
        at(
          x,
          index.map((i, axis) => i % (x.dims[axis] ?? 1)),
        ),
    ),
  ];
};

const concat: ReferenceOp = ({ node, inputs }) => {
  const parts = inputs.filter((x): x is NdArray => x !== null);
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to put together');
  const axis = axisOf(node.int('axis', 0), first);
  const length = parts.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  return [
    fill(first.dims.with(axis, length), (index) => {
      let place = index[axis] ?? 0;
      for (const part of parts) {
        const own = part.dims[axis] ?? 0;
        if (place < own) return at(part, index.with(axis, place));
        place -= own;
      }
      return Number.NaN;
    }),
  ];
};

const split: ReferenceOp = ({ node, input, numbers }) => {
  const x = input(0);
  const axis = axisOf(node.int('axis', 0), x);
  const length = x.dims[axis] ?? 0;
  const count = node.int('num_outputs', node.outputs.length);
  const chunk = Math.ceil(length / count);
  const sizes =
    numbers(1) ?? Array.from({ length: count }, (_, i) => (i < count - 1 ? chunk : length - chunk * (count - 1)));
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    return fill(x.dims.with(axis, size), (index) => at(x, index.with(axis, from + (index[axis] ?? 0))));
  });
};

/** Blocks of channels become blocks of pixels: channel (a, b, c) in DCR order, (c, a, b) in CRD order. */
const depthToSpace: ReferenceOp = ({ node, input }) => {
  const x = input(0);
  const [batch = 0, channels = 0, height = 0, width = 0] = x.dims;
  const block = node.int('blocksize', 1);
  const made = channels / (block * block);
  const isDcr = node.string('mode', 'DCR') === 'DCR';
  return [
    fill([batch, made, height * block, width * block], ([n = 0, c = 0, i = 0, j = 0]) => {
      const within = (i % block) * block + (j % block);
      const channel = isDcr ? within * made + c : c * block * block + within;
      return at(x, [n, channel, Math.floor(i / block), Math.floor(j / block)]);
    }),
  ];
};

const spaceToDepth: ReferenceOp = ({ node, input }) => {
  const x = input(0);
  const [batch = 0, channels = 0, height = 0, width = 0] = x.dims;
  const block = node.int('blocksize', 1);
  return [
    fill([batch, channels * block * block, height / block, width / block], ([n = 0, channel = 0, i = 0, j = 0]) => {
      const within = Math.floor(channel / channels);
      return at(x, [n, channel % channels, i * block + Math.floor(within / block), j * block + (within % block)]);
    }),
  ];
};

/** Between floats nothing changes here: all are doubles. */
const cast = ({ node, input }: NodeCall): readonly NdArray[] => {
  const { dims, data } = input(0);
  const type = dataTypeOfNumber(node.int('to', 0));
  if (type === null) throw new RangeError('a cast to no type');
  if (isFloatType(type)) return [{ dims, data }];
  return [{ dims, data: data.map(type === 'bool' ? (x) => (x === 0 ? 0 : 1) : Math.trunc) }];
};

export const movementOps: ReferenceOps = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Cast: cast,
};
