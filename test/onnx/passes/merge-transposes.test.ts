import { describe, expect, it } from 'vitest';
import { floats, GraphBuilder, type OpOptions } from '../../../src/onnx/graph-builder.ts';
import { mergeTransposes } from '../../../src/onnx/passes/merge-transposes.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, ramp } from './clean-up-check.ts';

const dims = [2, 3, 4];
const feeds = { x: ramp(dims) };
const float = tensorType('float32');

function start() {
  const g = new GraphBuilder();
  const transpose = (x: Value, perm?: readonly number[]) =>
    g.op('Transpose', [x], perm === undefined ? {} : { attributes: { perm } });
  return { g, x: g.op('Relu', [g.input('x', 'float32', dims)]), transpose };
}

describe('mergeTransposes', () => {
  it.each([
    [
      [1, 2, 0],
      [1, 2, 0],
    ],
    [
      [0, 2, 1],
      [2, 1, 0],
    ],
    [[1, 0, 2], undefined],
    [undefined, [1, 0, 2]],
  ])('makes one of %o and %o', async (first, second) => {
    const { g, x, transpose } = start();
    g.output(transpose(transpose(x, first), second), 'y', float);
    await expectCleaned(mergeTransposes, g.model(), { feeds, ops: ['Relu', 'Transpose'] });
  });

  it.each([
    [
      [1, 2, 0],
      [2, 0, 1],
    ],
    [undefined, undefined],
    [[2, 1, 0], undefined],
  ])('leaves nothing of %o and %o', async (first, second) => {
    const { g, x, transpose } = start();
    g.output(transpose(transpose(x, first), second), 'y', float);
    await expectCleaned(mergeTransposes, g.model(), { feeds, ops: ['Relu'] });
  });

  it('reads past a first one that others need', async () => {
    const { g, x, transpose } = start();
    const first = transpose(x, [1, 2, 0]);
    g.output(transpose(first, [2, 0, 1]), 'y', float);
    g.output(g.op('Neg', [first]), 'z', float);
    await expectCleaned(mergeTransposes, g.model(), { feeds, ops: ['Relu', 'Transpose', 'Neg'] });
  });

  it('leaves an Identity between an input and an output', async () => {
    const g = new GraphBuilder();
    const first = g.op('Transpose', [g.input('x', 'float32', dims)]);
    g.output(g.op('Transpose', [first]), 'y', float);
    await expectCleaned(mergeTransposes, g.model(), { feeds, ops: ['Identity'] });
  });

  it('computes elementwise operators without two that cancel', async () => {
    const { g, x, transpose } = start();
    const inner = transpose(x, [1, 2, 0]);
    inner.setType(tensorType('float32', [3, 4, 2]));
    const clipped = g.op('Clip', [inner, g.constant('low', floats([], [0])), g.constant('high', floats([], [2]))]);
    clipped.setType(tensorType('float32', [3, 4, 2]));
    const scaled = g.op('Mul', [clipped, g.constant('scale', floats([1], [3]))]);
    g.output(transpose(g.op('Sigmoid', [scaled]), [2, 0, 1]), 'y', tensorType('float32', dims));
    const model = g.model();
    await expectCleaned(mergeTransposes, model, { feeds, ops: ['Relu', 'Clip', 'Mul', 'Sigmoid'] });
    expect(clipped.declaredType).toBeNull();
  });

  it('merges long chains', async () => {
    const { g, x, transpose } = start();
    let value = x;
    for (let round = 0; round < 6; round++) {
      value = transpose(g.op('Neg', [transpose(value, [1, 2, 0])]), [2, 0, 1]);
      value = transpose(value, [0, 2, 1]);
    }
    g.output(value, 'y', float);
    await expectCleaned(mergeTransposes, g.model(), { feeds, ops: ['Relu', ...Array<string>(6).fill('Neg')] });
  });

  const around: readonly (readonly [string, (g: GraphBuilder, x: Value) => Value])[] = [
    ['a Softmax', (g, x) => g.op('Softmax', [x], { attributes: { axis: 1 } })],
    ['a constant of one axis', (g, x) => g.op('Add', [x, g.constant('c', floats([2], [1, 2]))])],
    ['a constant of more axes', (g, x) => g.op('Add', [x, g.constant('c', floats([1, 1, 1, 1], [1]))])],
    ['two inputs', (g, x) => g.op('Add', [x, x])],
    ['what others read', (g, x) => g.output(g.op('Neg', [x]), 'z', float)],
  ];

  it.each(around)('leaves two around %s', async (_, between) => {
    const { g, x, transpose } = start();
    const back: OpOptions = { attributes: { perm: [2, 0, 1] } };
    const inside = between(g, transpose(x, [1, 2, 0]));
    const rank = inside.producer?.input(1)?.tensor?.dims.length === 4 ? { attributes: { perm: [0, 3, 1, 2] } } : back;
    g.output(g.op('Transpose', [inside], rank), 'y', float);
    await expectUntouched(mergeTransposes, g.model(), feeds);
  });

  it('leaves two around an elementwise operator that do not cancel', async () => {
    const { g, x, transpose } = start();
    g.output(transpose(g.op('Neg', [transpose(x, [1, 2, 0])]), [1, 2, 0]), 'y', float);
    await expectUntouched(mergeTransposes, g.model(), feeds);
  });

  it('does not walk a chain without end', async () => {
    const { g, x, transpose } = start();
    let value = transpose(x, [1, 2, 0]);
    for (let step = 0; step < 257; step++) value = g.op('Neg', [value]);
    g.output(transpose(value, [2, 0, 1]), 'y', float);
    await expectUntouched(mergeTransposes, g.model(), feeds);
  });
});
