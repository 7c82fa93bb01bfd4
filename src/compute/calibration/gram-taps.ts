import type { Value } from '../../onnx/value.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { Tap } from './tap-model.ts';

/** Where the matrix of earlier runs comes in and the matrix with this run leaves. */
export interface GramPlace {
  readonly input: string;
  readonly output: string;
}

export interface GramTap {
  readonly place: GramPlace;
  /** Gram matrix float32 [K, K], sums of |x| float32 [K], check float32 [1] (0, or NaN), shape int64 [2]: rows and K. */
  readonly outputs: readonly Value[];
}

/**
 * Adds X^T X of a value, taken as rows of its last axis, to what an input holds: float32 [K, K], or [1, 1] for a start.
 * A run with NaN or infinities adds nothing.
 */
export function gramTap({ floats, writer }: Tap): GramTap {
  const g = writer.builder;
  const earlier = g.input(writer.graph.names.unique('gram'), tensorType('float32', [null, null]));
  const x = g.op('Flatten', [floats], { attributes: { axis: -1 } });
  const differences = g.op('Sub', [x, x]);
  const check = g.op('ReduceSum', [g.op('Reshape', [differences, writer.longs([-1])])]);
  const isFinite = g.op('Equal', [check, writer.scalar(0).value]);
  const finite = g.op('Where', [isFinite, x, writer.scalar(0).value]);
  const gram = g.op('Gemm', [finite, finite, earlier], { attributes: { transA: 1 }, as: 'gram_out' });
  const sums = g.op('ReduceSum', [g.op('Abs', [finite]), writer.longs([0])], { attributes: { keepdims: 0 } });
  return {
    place: { input: earlier.name, output: gram.name },
    outputs: [gram, sums, check, g.op('Shape', [x], { as: 'rows' })],
  };
}

/** Rows and length of the last axis: int64 [2]. */
export function widthTap({ floats, writer }: Tap): Value {
  const x = writer.builder.op('Flatten', [floats], { attributes: { axis: -1 } });
  return writer.builder.op('Shape', [x], { as: 'width' });
}
