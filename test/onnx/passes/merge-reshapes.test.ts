import { describe, expect, it } from 'vitest';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { mergeReshapes } from '../../../src/onnx/passes/merge-reshapes.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { type Shape, tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, ramp } from './clean-up-check.ts';

const dims = [2, 3, 4];
const feeds = { x: ramp(dims) };
const float = tensorType('float32');
const free: Shape = ['batch', 3, 4];
const unknown: Shape = [null, null, null];

type Step = (g: GraphBuilder, x: Value) => Value;

const reshape =
  (target: readonly number[], attributes = {}): Step =>
  (g, x) =>
    g.op('Reshape', [x, g.constant('shape', longs(target))], { attributes });
const flatten: Step = (g, x) => g.op('Flatten', [x]);
const squeeze =
  (axes: readonly number[]): Step =>
  (g, x) =>
    g.op('Squeeze', [x, g.constant('axes', longs(axes))]);
const unsqueeze =
  (axes: readonly number[]): Step =>
  (g, x) =>
    g.op('Unsqueeze', [x, g.constant('axes', longs(axes))]);

/** Relu, the steps, Neg. */
function build(steps: readonly Step[], { shape = dims as Shape, opset = 17 } = {}) {
  const g = new GraphBuilder();
  let value = g.op('Relu', [g.input('x', 'float32', shape)]);
  for (const step of steps) value = step(g, value);
  g.output(g.op('Neg', [value]), 'y', float);
  return g.model({ opset });
}

interface Case {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly shape?: Shape;
  /** What must be left between Relu and Neg. */
  readonly ops: readonly string[];
}

const cases: readonly Case[] = [
  { title: 'a target without zeros', steps: [flatten, reshape([6, -1])], shape: unknown, ops: ['Reshape'] },
  { title: 'allowzero', steps: [flatten, reshape([6, 4], { allowzero: 1 })], shape: unknown, ops: ['Reshape'] },
  { title: 'known shapes', steps: [reshape([6, 4]), unsqueeze([0])], ops: ['Reshape'] },
  { title: 'one unknown axis', steps: [unsqueeze([2]), flatten], shape: free, ops: ['Reshape'] },
  { title: 'a kept axis', steps: [reshape([0, 12]), reshape([0, 4, 3])], shape: free, ops: ['Reshape'] },
  { title: 'a way back', steps: [reshape([6, 4]), reshape(dims)], ops: [] },
  { title: 'a way back of symbols', steps: [reshape([0, 12]), reshape([0, 3, 4])], shape: free, ops: [] },
  { title: 'inverse axes', steps: [unsqueeze([-1, 0]), squeeze([0, -1])], shape: unknown, ops: [] },
  { title: 'three', steps: [flatten, unsqueeze([0]), squeeze([0]), reshape([4, 6])], ops: ['Reshape'] },
];

describe('mergeReshapes', () => {
  it.each(cases)('merges over $title', async ({ steps, shape = dims, ops }) => {
    await expectCleaned(mergeReshapes, build(steps, { shape }), { feeds, ops: ['Relu', ...ops, 'Neg'] });
  });

  it('merges over inverse axes the other way round, in attributes too', async () => {
    const g = new GraphBuilder();
    const x = g.op('Relu', [g.input('x', 'float32', [null, 1, null])]);
    const inner = g.op('Squeeze', [x], { attributes: { axes: [1] } });
    g.output(g.op('Unsqueeze', [inner], { attributes: { axes: [1] } }), 'y', float);
    await expectCleaned(mergeReshapes, g.model({ opset: 11 }), { feeds: { x: ramp([2, 1, 3]) }, ops: ['Relu'] });
  });

  it('keeps tensors without elements in shape', async () => {
    const empty = { x: floats([0, 3, 4], []) };
    const one = build([unsqueeze([2]), flatten], { shape: free });
    await expectCleaned(mergeReshapes, one, { feeds: empty, ops: ['Relu', 'Reshape', 'Neg'] });
    const kept = build([reshape([0, 12]), reshape([0, 4, 3])], { shape: free });
    await expectCleaned(mergeReshapes, kept, { feeds: empty, ops: ['Relu', 'Reshape', 'Neg'] });
  });

  it('leaves an Identity between an input and an output', async () => {
    const g = new GraphBuilder();
    const inner = unsqueeze([0])(g, g.input('x', 'float32', unknown));
    g.output(squeeze([0])(g, inner), 'y', float);
    await expectCleaned(mergeReshapes, g.model(), { feeds, ops: ['Identity'] });
  });

  it('reads past a first one that others need', async () => {
    const g = new GraphBuilder();
    const inner = flatten(g, g.input('x', 'float32', unknown));
    g.output(reshape([4, 6])(g, inner), 'y', float);
    g.output(g.op('Neg', [inner]), 'z', float);
    await expectCleaned(mergeReshapes, g.model(), { feeds, ops: ['Flatten', 'Reshape', 'Neg'] });
  });

  it.each([
    { title: 'zeros of another shape', steps: [reshape([0, -1]), reshape([0, 1, -1])], shape: unknown },
    { title: 'unknown ranks', steps: [flatten, unsqueeze([0])], shape: unknown },
    { title: 'an unknown axis beside a kept one', steps: [reshape([0, -1]), unsqueeze([1])], shape: ['a', 'b', 'c'] },
    { title: 'different axes', steps: [unsqueeze([0, 1]), squeeze([0])], shape: ['a', 'b', 'c'] },
  ])('leaves $title', async ({ steps, shape }) => {
    await expectUntouched(mergeReshapes, build(steps, { shape }), feeds);
  });

  it('leaves a first one that others need, where a target would have to be made', async () => {
    const g = new GraphBuilder();
    const inner = flatten(g, g.input('x', 'float32', dims));
    g.output(unsqueeze([0])(g, inner), 'y', float);
    g.output(g.op('Neg', [inner]), 'z', float);
    await expectUntouched(mergeReshapes, g.model(), feeds);
  });

  it('leaves targets that are computed', async () => {
    const g = new GraphBuilder();
    const target = g.input('target', 'int64', [2]);
    g.output(g.op('Reshape', [flatten(g, g.input('x', 'float32', dims)), target]), 'y', float);
    await expectUntouched(mergeReshapes, g.model(), { ...feeds, target: longs([6, 4]) });
  });

  it('sweeps until nothing is left to merge', async () => {
    const g = new GraphBuilder();
    const inner = flatten(g, g.op('Relu', [g.input('x', 'float32', dims)]));
    const first = unsqueeze([0])(g, inner);
    g.output(g.op('Neg', [first]), 'y', float);
    g.output(g.op('Neg', [reshape([4, 6])(g, inner)]), 'z', float);
    const model = g.model();
    await expectCleaned(mergeReshapes, model, { feeds, ops: ['Relu', 'Reshape', 'Neg', 'Reshape', 'Neg'] });
    expect(model.graph.nodeCount).toBe(5);
  });
});
