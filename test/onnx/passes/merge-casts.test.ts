import { describe, it } from 'vitest';
import type { DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { numberOfDataType } from '../../../src/onnx/file/data-type-number.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { mergeCasts } from '../../../src/onnx/passes/merge-casts.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched } from './clean-up-check.ts';

/** Extremes of small types, and what 16-bit floats round. */
const numbers = [0, 1, -1, 3, 100, -128, 127, 255, 2049, -2051, 40_000, 65_535, 16_777_217, 0.1, -2.5, 1 / 3];

function fed(type: DataType): DenseTensor {
  if (type === 'string') return { type, dims: [2], data: ['1', '0'] };
  return tensorOfNumbers(type, [numbers.length], numbers);
}

/** A node that leaves the type, the casts, and Identity to be returned. */
function build(types: readonly DataType[]) {
  const g = new GraphBuilder();
  const [from = 'float32', ...rest] = types;
  let value = g.op('Identity', [g.input('x', from, ['n'])]);
  for (const type of rest) value = g.op('Cast', [value], { attributes: { to: numberOfDataType(type) } });
  g.output(g.op('Identity', [value]), 'y', tensorType(types.at(-1) ?? from));
  return { model: g.model({ opset: 19 }), feeds: { x: fed(from) } };
}

const back: readonly (readonly DataType[])[] = [
  ['float16', 'float32', 'float16'],
  ['float32', 'float64', 'float32'],
  ['int32', 'int64', 'int32'],
  ['uint8', 'float16', 'uint8'],
  ['int16', 'float32', 'int16'],
  ['int32', 'float64', 'int32'],
  ['bool', 'float32', 'bool'],
];

const onward: readonly (readonly DataType[])[] = [
  ['float16', 'float32', 'float64'],
  ['float32', 'float64', 'float16'],
  ['int16', 'int64', 'float16'],
  ['int32', 'int64', 'int8'],
  ['uint8', 'float32', 'int64'],
  ['bool', 'int32', 'float32'],
  ['float16', 'float32', 'bool'],
];

const left: readonly (readonly DataType[])[] = [
  ['float32', 'float16', 'float32'],
  ['float32', 'bfloat16', 'float32'],
  ['int64', 'int32', 'int64'],
  ['int32', 'float32', 'int32'],
  ['int8', 'uint8', 'int8'],
  ['uint16', 'float16', 'uint16'],
  ['float16', 'float32', 'int32'],
  ['int32', 'float64', 'int8'],
  ['int32', 'float64', 'float16'],
  ['string', 'float32', 'string'],
];

describe('mergeCasts', () => {
  it.each(back)('leaves nothing of %s -> %s -> %s', async (...types) => {
    const { model, feeds } = build(types);
    await expectCleaned(mergeCasts, model, { feeds, ops: ['Identity', 'Identity'] });
  });

  it.each(onward)('skips the middle of %s -> %s -> %s', async (...types) => {
    const { model, feeds } = build(types);
    await expectCleaned(mergeCasts, model, { feeds, ops: ['Identity', 'Cast', 'Identity'] });
  });

  it('merges a chain', async () => {
    const { model, feeds } = build(['uint8', 'int16', 'int32', 'float64', 'float32', 'uint8']);
    await expectCleaned(mergeCasts, model, { feeds, ops: ['Identity', 'Identity'] });
  });

  it('leaves one Cast between an input and an output', async () => {
    const g = new GraphBuilder();
    const inner = g.op('Cast', [g.input('x', 'float32', ['n'])], { attributes: { to: numberOfDataType('float64') } });
    g.output(g.op('Cast', [inner], { attributes: { to: 1 } }), 'y', tensorType('float32'));
    await expectCleaned(mergeCasts, g.model(), { feeds: { x: fed('float32') }, ops: ['Cast'] });
  });

  it.each(left)('leaves %s -> %s -> %s', async (...types) => {
    const { model, feeds } = build(types);
    await expectUntouched(mergeCasts, model, feeds);
  });
});
