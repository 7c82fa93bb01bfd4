import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { correctBias } from '../../../src/quantize/smooth/correct-bias.ts';
import { noise, numbers, opsOf, run, tensorOf } from '../rewrite/run-models.ts';

const float = tensorType('float32');
const shift = Float64Array.of(1, -2, 0.5);

function layer(
  op: string,
  bias: readonly number[] | null,
  attributes: Readonly<Record<string, PlainAttribute>> = {},
): Model {
  const isConv = op === 'Conv';
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', isConv ? [1, 4, 2, 2] : [2, 4]);
  const w = g.constant('w', noise(isConv ? [3, 4, 1, 1] : [4, 3], 1));
  const c = bias === null ? [] : [g.constant('c', noise(bias, 2))];
  if (op === 'Add') g.output(g.op('Add', [g.op('MatMul', [x, w], { as: 'layer' }), ...c]), 'y', float);
  else g.output(g.op('Relu', [g.op(op, [x, w, ...c], { attributes, as: 'layer' })]), 'y', float);
  return g.model();
}

/** What the layer makes, in front of the Relu behind it. */
async function outputs(model: Model): Promise<{ readonly numbers: readonly number[]; readonly inner: number }> {
  const copy = copyModel(model);
  const relu = [...copy.graph.nodes()].find((node) => node.op === 'Relu');
  const value = relu?.input(0) ?? copy.graph.outputs[0];
  if (value === undefined) throw new RangeError('a model returns something');
  value.setType(float);
  if (!value.isOutput) copy.graph.addOutput(value);
  const [first] = model.graph.inputs;
  const dims = first?.declaredType?.kind === 'tensor' ? (first.declaredType.shape ?? []) : [];
  const results = await run(copy, { x: noise(dims.map(Number), 3) });
  return { numbers: numbers(tensorOf(results, value.name)), inner: dims.length === 4 ? 4 : 1 };
}

describe('correctBias', () => {
  const cases: readonly (readonly [string, readonly number[] | null, Readonly<Record<string, PlainAttribute>>])[] = [
    ['Conv', [3], {}],
    ['Conv', null, {}],
    ['Gemm', [3], {}],
    ['Gemm', [1, 3], { beta: { float: 0.5 } }],
    ['Gemm', [], { alpha: { float: 2 }, beta: { float: 3 } }],
    ['Gemm', [3], { beta: { float: 0 } }],
    ['Gemm', null, { beta: { float: 2 } }],
    ['Add', [3], {}],
    ['Add', [1, 3], {}],
    ['Add', [], {}],
  ];

  it.each(cases)('moves every channel by its correction, %s with a bias of %j, %o', async (op, bias, attributes) => {
    const model = layer(op, bias, attributes);
    const before = await outputs(model);
    const ops = opsOf(model);
    expect([...correctBias(model, new Map([['layer', shift]]))]).toEqual(['layer']);
    checkGraph(model);
    expect(opsOf(model)).toEqual(ops);
    const after = await outputs(model);
    for (const [i, y] of before.numbers.entries()) {
      const channel = Math.floor(i / before.inner) % 3;
      expect(after.numbers[i]).toBeCloseTo(y + (shift[channel] ?? 0), 5);
    }
  });

  it('leaves others alone that read the same bias', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const c = g.constant('c', floats([3], [1, 2, 3]));
    const first = g.op('Gemm', [x, g.constant('w', noise([3, 3], 1)), c], { as: 'layer' });
    g.output(g.op('Gemm', [first, g.constant('v', noise([3, 3], 2)), c]), 'y', float);
    const model = g.model();
    correctBias(model, new Map([['layer', shift]]));
    checkGraph(model);
    const [one, two] = [...model.graph.nodes()].map((node) => node.input(2)?.constant?.toDense().data);
    expect(one).toEqual(Float32Array.of(2, 0, 3.5));
    expect(two).toEqual(Float32Array.of(1, 2, 3));
  });

  it('leaves alone what has no bias to correct', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const product = g.op('MatMul', [x, g.constant('w', noise([3, 3], 1))], { as: 'layer' });
    const sum = g.op('Add', [product, x]);
    const open = g.op('Gemm', [sum, g.constant('v', noise([3, 3], 2)), g.op('Identity', [x])], { as: 'open' });
    g.output(open, 'y', float);
    const keys = ['layer', 'y', 'nowhere'];
    expect(correctBias(g.model(), new Map(keys.map((key) => [key, shift]))).size).toBe(0);
  });

  it('takes one number a channel only', () => {
    expect(() => correctBias(layer('Conv', [3]), new Map([['layer', Float64Array.of(1)]]))).toThrow(RangeError);
  });
});
