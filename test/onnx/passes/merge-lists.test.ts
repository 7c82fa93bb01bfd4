import { describe, it } from 'vitest';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { mergeConcats } from '../../../src/onnx/passes/merge-concats.ts';
import { mergePads } from '../../../src/onnx/passes/merge-pads.ts';
import { mergeSlices } from '../../../src/onnx/passes/merge-slices.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { type Shape, tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, ramp } from './clean-up-check.ts';

const float = tensorType('float32');
const dims = [5, 6, 7];
const feeds = { x: ramp(dims) };
const unknown: Shape = null;

describe('mergeConcats', () => {
  it('takes over the inputs of the inner one, in place', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', dims);
    const [a, b] = [g.op('Neg', [x]), g.op('Abs', [x])];
    const inner = g.op('Concat', [a, x], { attributes: { axis: 1 } });
    const middle = g.op('Concat', [b, inner], { attributes: { axis: 1 } });
    g.output(g.op('Concat', [x, middle, a], { attributes: { axis: 1 } }), 'y', float);
    await expectCleaned(mergeConcats, g.model(), { feeds, ops: ['Neg', 'Abs', 'Concat'] });
  });

  it.each([
    { title: 'another axis', outer: [0], axis: 1, isReturned: false },
    { title: 'an axis counted from the other end', outer: [0], axis: -3, isReturned: false },
    { title: 'one that is read twice', outer: [0, 0], axis: 0, isReturned: false },
    { title: 'one that is returned', outer: [0], axis: 0, isReturned: true },
  ])('leaves $title', async ({ outer, axis, isReturned }) => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', dims);
    const inner = g.op('Concat', [x, g.op('Neg', [x])], { attributes: { axis: 0 } });
    if (isReturned) g.output(inner, 'z', float);
    const others = axis === 1 ? [] : [x];
    g.output(g.op('Concat', [...outer.map(() => inner), ...others], { attributes: { axis } }), 'y', float);
    await expectUntouched(mergeConcats, g.model(), feeds);
  });
});

/** Starts, ends and, if given, axes and steps. */
type Lists = readonly (readonly number[])[];

function sliced(g: GraphBuilder, x: Value, lists: Lists): Value {
  return g.op('Slice', [x, ...lists.map((list) => g.constant('list', longs(list)))]);
}

function slices(first: Lists, second: Lists, shape: Shape = dims) {
  const g = new GraphBuilder();
  g.output(sliced(g, sliced(g, g.input('x', 'float32', shape), first), second), 'y', float);
  return g.model();
}

const far = 2 ** 62;

describe('mergeSlices', () => {
  it.each<[Lists, Lists]>([
    [
      [[1], [4]],
      [[2], [5], [1]],
    ],
    [
      [[-3], [far], [0]],
      [[-1], [-far], [2], [-2]],
    ],
    [
      [[1], [4], [0], [1]],
      [[1], [2], [0], [1]],
    ],
    [
      [[1], [far], [1]],
      [[2], [far], [1]],
    ],
    [
      [[1], [3], [1]],
      [[1], [far], [1]],
    ],
    [
      [[4], [5], [1]],
      [[3], [9], [1]],
    ],
    [
      [
        [1, 0],
        [4, 5],
        [2, 1],
      ],
      [
        [0, 2],
        [2, 9],
        [2, 0],
      ],
    ],
  ])('merges %o and %o', async (first, second) => {
    await expectCleaned(mergeSlices, slices(first, second), { feeds, ops: ['Slice'] });
    await expectCleaned(mergeSlices, slices(first, second, unknown), { feeds, ops: ['Slice'] });
  });

  it('tells negative axes by the rank', async () => {
    const model = slices([[1], [4], [-1]], [[1], [3], [2]]);
    await expectCleaned(mergeSlices, model, { feeds, ops: ['Slice'] });
    await expectUntouched(mergeSlices, slices([[1], [4], [-1]], [[1], [3], [2]], unknown), feeds);
  });

  it('takes the attributes of old operator sets', async () => {
    const g = new GraphBuilder();
    const first = { starts: [1], ends: [4] };
    const inner = g.op('Slice', [g.input('x', 'float32', dims)], { attributes: first });
    g.output(g.op('Slice', [inner], { attributes: { starts: [2, 1], ends: [5, 3], axes: [1, 0] } }), 'y', float);
    await expectCleaned(mergeSlices, g.model({ opset: 9 }), { feeds, ops: ['Slice'] });
  });

  it.each<[string, Lists, Lists]>([
    ['an axis cut twice from its end', [[1], [-1], [0]], [[1], [2], [0]]],
    ['an axis cut twice with steps', [[0], [5], [0], [2]], [[1], [2], [0]]],
  ])('leaves %s', async (_, first, second) => {
    await expectUntouched(mergeSlices, slices(first, second), feeds);
  });

  it('leaves one that others read, and lists that are fed', async () => {
    const g = new GraphBuilder();
    const inner = sliced(g, g.input('x', 'float32', dims), [[1], [4]]);
    g.output(sliced(g, inner, [[1], [3], [1]]), 'y', float);
    g.output(g.op('Neg', [inner]), 'z', float);
    await expectUntouched(mergeSlices, g.model(), feeds);
    const fed = new GraphBuilder();
    const start = fed.input('start', 'int64', [1]);
    const cut = fed.op('Slice', [fed.input('x', 'float32', dims), start, fed.constant('end', longs([4]))]);
    fed.output(sliced(fed, cut, [[1], [3], [1]]), 'y', float);
    await expectUntouched(mergeSlices, fed.model(), { ...feeds, start: longs([1]) });
  });
});

interface Padding {
  readonly pads: readonly number[];
  readonly mode?: string;
  readonly value?: number | 'fed';
  readonly axes?: readonly number[];
}

function padded(g: GraphBuilder, x: Value, { pads, mode = 'constant', value, axes }: Padding): Value {
  const filling = () => (value === undefined ? null : g.constant('value', floats([], [Number(value)])));
  const last = axes === undefined ? [] : [g.constant('axes', longs(axes))];
  const fill = value === 'fed' ? g.input('fill', 'float32', []) : filling();
  return g.op('Pad', [x, g.constant('pads', longs(pads)), fill, ...last], { attributes: { mode } });
}

function pads(first: Padding, second: Padding) {
  const g = new GraphBuilder();
  g.output(padded(g, padded(g, g.input('x', 'float32', dims), first), second), 'y', float);
  return g.model({ opset: 18 });
}

const pad = [1, 0, 2, 0, 3, 1];

describe('mergePads', () => {
  it.each<[Padding, Padding]>([
    [{ pads: pad }, { pads: pad.toReversed(), value: 0 }],
    [
      { pads: pad, value: 2 },
      { pads: pad, value: 2 },
    ],
    [
      { pads: pad, mode: 'edge' },
      { pads: pad, mode: 'edge' },
    ],
    [
      { pads: [1, 2], axes: [1] },
      { pads: [3, 0], axes: [1] },
    ],
  ])('adds up %o and %o', async (first, second) => {
    await expectCleaned(mergePads, pads(first, second), { feeds, ops: ['Pad'] });
  });

  it('takes the attributes of old operator sets', async () => {
    const g = new GraphBuilder();
    const attributes = { pads: pad, value: { float: 1.5 } };
    const inner = g.op('Pad', [g.input('x', 'float32', dims)], { attributes });
    g.output(g.op('Pad', [inner], { attributes }), 'y', float);
    await expectCleaned(mergePads, g.model({ opset: 10 }), { feeds, ops: ['Pad'] });
  });

  it.each<[Padding, Padding]>([
    [{ pads: pad }, { pads: pad, value: 2 }],
    [{ pads: pad }, { pads: pad, mode: 'edge' }],
    [
      { pads: [1, 0, 0, 1, 0, 0], mode: 'reflect' },
      { pads: [1, 0, 0, 1, 0, 0], mode: 'reflect' },
    ],
    [{ pads: [-1, 0, 0, 0, 0, 0] }, { pads: [1, 0, 0, 0, 0, 0] }],
    [
      { pads: [1, 2], axes: [1] },
      { pads: [3, 0], axes: [2] },
    ],
  ])('leaves %o and %o', async (first, second) => {
    await expectUntouched(mergePads, pads(first, second), feeds);
  });

  it('leaves a filling that is fed, and one that others read', async () => {
    const model = pads({ pads: pad }, { pads: pad, value: 'fed' });
    await expectUntouched(mergePads, model, { ...feeds, fill: floats([], [0]) });
    const g = new GraphBuilder();
    const inner = padded(g, g.input('x', 'float32', dims), { pads: pad });
    g.output(padded(g, inner, { pads: pad }), 'y', float);
    g.output(g.op('Neg', [inner]), 'z', float);
    await expectUntouched(mergePads, g.model(), feeds);
  });
});
