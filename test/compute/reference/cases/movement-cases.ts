import fc from 'fast-check';
import { elementCount } from '../../../../src/onnx/dense-tensor.ts';
import { longs } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw, shapeAndAxis, shapes } from '../operator-case.ts';

/** A shape as Reshape may be told it: an axis left open, or taken over by a 0. */
const reshape = casesOf(
  'Reshape',
  fc.record({ dims: shapes({ minRank: 1 }), way: fc.constantFrom('flat', 'pair', 'open', 'zero', 'turned', 'ones') }),
  ({ dims, way }) => {
    const count = elementCount(dims);
    const ways = {
      flat: [count],
      pair: [dims[0] ?? 1, count / (dims[0] ?? 1)],
      open: [-1, dims.at(-1) ?? 1],
      zero: [0, -1],
      turned: dims.toReversed(),
      ones: [1, ...dims, 1],
    };
    return {
      draw: (random) => ({ x: draw(random, dims) }),
      build: (g, input) => [g.op('Reshape', [input('x'), g.constant('shape', longs(ways[way]))])],
    };
  },
);

const flatten = casesOf('Flatten', shapeAndAxis(), ({ dims, axis }) => ({
  draw: (random) => ({ x: draw(random, dims) }),
  build: (g, input) => [g.op('Flatten', [input('x')], { attributes: { axis } })],
}));

const squeeze = casesOf(
  'Squeeze',
  fc.record({ shape: shapeAndAxis(), all: fc.boolean() }),
  ({ shape: { dims, axis }, all }) => {
    const own = dims.with(axis, 1);
    return {
      draw: (random) => ({ x: draw(random, own) }),
      build: (g, input) => [g.op('Squeeze', [input('x'), ...(all ? [] : [g.constant('axes', longs([axis]))])])],
    };
  },
);

const unsqueeze = casesOf(
  'Unsqueeze',
  fc.record({ dims: shapes({ maxRank: 3 }), axes: fc.constantFrom([0], [-1], [0, 1], [1, 0], [0, -1], [-2, 0]) }),
  ({ dims, axes }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [g.op('Unsqueeze', [input('x'), g.constant('axes', longs(dims.length === 0 ? [0] : axes))])],
  }),
);

const transpose = casesOf(
  'Transpose',
  shapes().chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      perm: fc.option(fc.shuffledSubarray([...dims.keys()], { minLength: dims.length })),
    }),
  ),
  ({ dims, perm }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [
      g.op('Transpose', [input('x')], { attributes: perm === null || dims.length === 0 ? {} : { perm } }),
    ],
  }),
);

const expand = casesOf(
  'Expand',
  fc.record({
    dims: shapes({ maxRank: 3 }),
    ones: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    front: shapes({ maxRank: 2, maxLength: 3 }),
    short: fc.boolean(),
  }),
  ({ dims, ones, front, short }) => {
    const own = dims.map((dim, axis) => (ones[axis] === true ? 1 : dim));
    // A shorter target, or one of ones, leaves an axis as it is.
    const target = short ? dims.slice(1) : [...front, ...dims.map((dim, axis) => (ones[axis] === true ? dim : 1))];
    return {
      draw: (random) => ({ x: draw(random, own) }),
      build: (g, input) => [g.op('Expand', [input('x'), g.constant('shape', longs(target))])],
    };
  },
);

const tile = casesOf(
  'Tile',
  fc.record({
    dims: shapes({ minRank: 1, maxRank: 3 }),
    repeats: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
  }),
  ({ dims, repeats }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [g.op('Tile', [input('x'), g.constant('repeats', longs(repeats.slice(0, dims.length)))])],
  }),
);

const concat = casesOf(
  'Concat',
  fc.record({
    shape: shapeAndAxis(),
    lengths: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    twice: fc.boolean(),
  }),
  ({ shape: { dims, axis }, lengths, twice }) => ({
    draw: (random) => Object.fromEntries(lengths.map((length, i) => [`x${i}`, draw(random, dims.with(axis, length))])),
    build: (g, input) => {
      const parts = lengths.map((_, index) => input(`x${index}`));
      return [g.op('Concat', twice ? [...parts, input('x0')] : parts, { attributes: { axis } })];
    },
  }),
);

const split = casesOf(
  'Split',
  fc.record({
    shape: shapeAndAxis(),
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    isEven: fc.boolean(),
    uneven: fc.nat(1),
  }),
  ({ shape: { dims, axis }, sizes, isEven, uneven }) => {
    const count = sizes.length;
    // With num_outputs, the last part is smaller where the length is no multiple.
    const even = uneven === 1 && count === 2 ? 3 : 2 * count;
    const length = isEven ? even : sizes.reduce((a, b) => a + b, 0);
    return {
      draw: (random) => ({ x: draw(random, dims.with(axis, length)) }),
      build: (g, input) => {
        const inputs = [input('x'), ...(isEven ? [] : [g.constant('sizes', longs(sizes))])];
        const attributes = { axis, ...(isEven ? { num_outputs: count } : {}) };
        const parts = g.ops('Split', inputs, { outputs: count, attributes });
        // The loss does not see the first of several parts: no gradient reaches it.
        return parts.length > 1 ? parts.slice(1) : parts;
      },
    };
  },
);

const blocks = fc.record({
  dims: shapes({ minRank: 4, maxRank: 4, maxLength: 2 }),
  blocksize: fc.integer({ min: 1, max: 2 }),
  mode: fc.constantFrom('DCR', 'CRD'),
});

const depthToSpace = casesOf('DepthToSpace', blocks, ({ dims: [n = 1, c = 1, h = 1, w = 1], blocksize, mode }) => ({
  draw: (random) => ({ x: draw(random, [n, c * blocksize ** 2, h, w]) }),
  build: (g, input) => [g.op('DepthToSpace', [input('x')], { attributes: { blocksize, mode } })],
}));

const spaceToDepth = casesOf('SpaceToDepth', blocks, ({ dims: [n = 1, c = 1, h = 1, w = 1], blocksize }) => ({
  draw: (random) => ({ x: draw(random, [n, c, h * blocksize, w * blocksize]) }),
  build: (g, input) => [g.op('SpaceToDepth', [input('x')], { attributes: { blocksize } })],
}));

export const movementCases: readonly OperatorCases[] = [
  reshape,
  flatten,
  squeeze,
  unsqueeze,
  transpose,
  expand,
  tile,
  concat,
  split,
  depthToSpace,
  spaceToDepth,
];
