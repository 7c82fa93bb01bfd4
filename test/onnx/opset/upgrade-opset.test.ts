import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { upgradeOpset } from '../../../src/onnx/opset/upgrade-opset.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import type { OperatorCase } from './operator-cases.ts';
import { operatorCases, randomTensor } from './operator-cases.ts';

function modelOf(one: OperatorCase): { readonly model: Model; readonly feeds: NamedTensors } {
  const { op, from, dims = [2, 3, 4], x = randomTensor(dims), constants = [], attributes, outputs = 1 } = one;
  const g = new GraphBuilder();
  const input = g.input('x', x.type, one.shapeless === true ? null : x.dims);
  const rest = constants.map((tensor) => g.constant('c', tensor));
  const made = g.ops(op, [input, ...rest], { outputs, ...(attributes && { attributes }), name: 'it' });
  for (const [index, value] of made.entries()) {
    g.output(value, `y${index}`, tensorType(op === 'TopK' && index === 1 ? 'int64' : x.type));
  }
  return { model: g.model({ opset: from }), feeds: { x } };
}

const nameOf = ({ op, from, attributes = {} }: OperatorCase): string =>
  `${op} ${from} ${JSON.stringify(attributes, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;

/** Numbers to six digits. */
const rounded = (outputs: NamedTensors) =>
  Object.entries(outputs).map(([name, { dims, data }]) => ({
    name,
    dims,
    data: [...data].map((x) => Number(x).toFixed(6)),
  }));

describe.each(operatorCases.map((one) => ({ ...one, title: nameOf(one) })))('upgradeOpset: $title', (one) => {
  const targets = one.targets ?? [13, 21].filter((target) => target > one.from);
  it.each(targets)('computes the same at opset %i', async (target) => {
    const { model, feeds } = modelOf(one);
    const before = await runModel(encodeModel(model), feeds);
    expect(upgradeOpset(target, 'm.onnx').apply(model)).toBe(true);
    checkGraph(model);
    expect(model.opset).toBe(target);
    const after = await runModel(encodeModel(model), feeds);
    const seen = one.rounding === true ? rounded : (outputs: NamedTensors) => outputs;
    expect(seen(after)).toEqual(seen(before));
    expect(upgradeOpset(target, 'm.onnx').apply(model)).toBe(false);
  });
});
