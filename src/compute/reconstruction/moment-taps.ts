import type { Value } from '../../onnx/value.ts';
import type { Tap } from '../calibration/tap-model.ts';
import { IndexMath } from './index-math.ts';

/**
 * Measures the slices along an axis (below 0: from the end): float32 [1 + 2 length] of the elements in each, their sums
 * and the sums of their squares.
 */
export function momentTap({ floats, writer }: Tap, axis: number): Value {
  const math = new IndexMath(writer);
  const { x, others, elements } = axis === -1 ? lastAxis(math, floats) : middleAxis(math, floats, axis);
  const sum = (op: string) => writer.builder.op(op, [x, writer.longs(others)], { attributes: { keepdims: 0 } });
  const parts = [math.cast(elements, 'float32'), sum('ReduceSum'), sum('ReduceSumSquare')];
  return writer.builder.op('Concat', parts, { attributes: { axis: 0 }, as: 'moments' });
}

interface Slices {
  readonly x: Value;
  /** Axes of x beside that of the slices. */
  readonly others: readonly number[];
  /** In each slice, int64 [1]. */
  readonly elements: Value;
}

function lastAxis(math: IndexMath, value: Value): Slices {
  const x = math.flatten(value, -1);
  return { x, others: [0], elements: math.longLength(x, 0) };
}

/** As [what lies before, the axis, what lies behind]. */
function middleAxis(math: IndexMath, value: Value, axis: number): Slices {
  const { builder } = math.writer;
  const before = math.longLength(math.flatten(value, axis), 0);
  const behind = math.longLength(math.flatten(value, axis + 1), 1);
  const shape = builder.op('Concat', [before, math.longLength(value, axis), behind], { attributes: { axis: 0 } });
  // Lengths of 0 are meant as they are.
  const x = builder.op('Reshape', [value, shape], { attributes: { allowzero: 1 } });
  return { x, others: [0, 2], elements: math.op('Mul', before, behind) };
}
