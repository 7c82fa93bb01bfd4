import type { Value } from '../../onnx/value.ts';
import type { IndexMath } from './index-math.ts';

/**
 * Measures how alike the vectors along an axis of two values of one shape are: float32 [2] of the sum of their cosines,
 * NaN where elements are not finite, and their number. Two vectors of zeros are the same, cosine 1; the cosine of one
 * such and another is 0.
 */
export function cosineTap(math: IndexMath, [a, b]: readonly [Value, Value], axis: number): Value {
  const { builder } = math.writer;
  const along = (op: string, value: Value) =>
    builder.op(op, [value, math.writer.longs([axis])], { attributes: { keepdims: 0 } });
  const zero = math.writer.scalar(0).value;
  const lengths = [along('ReduceL2', a), along('ReduceL2', b)] as const;
  const product = math.op('Mul', ...lengths);
  const areZero = math.cast(math.op('Equal', math.op('Add', ...lengths), zero), 'float32');
  const cosine = math.op('Div', along('ReduceSum', math.op('Mul', a, b)), product);
  const told = math.op(
    'Reshape',
    math.op('Where', math.op('Equal', product, zero), areZero, cosine),
    math.writer.longs([-1]),
  );
  const parts = [builder.op('ReduceSum', [told]), math.length(told, 0)];
  return builder.op(
    'Concat',
    parts.map((part) => math.cast(part, 'float32')),
    { attributes: { axis: 0 }, as: 'cosine' },
  );
}
