import { listOf } from '../../../onnx/passes/constant-of.ts';
import type { NodeTies } from '../node-ties.ts';

/** An axis counted from the front. */
export function axisFrom(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The node's `axis`, counted from the front of a value of `rank` axes. */
export function axisOf(ties: NodeTies, fallback: number, rank: number): number {
  return axisFrom(ties.node.int('axis', fallback), rank);
}

/** Axes given as an attribute or an input, counted from the front: `absent` where there are none, null where computed. */
export function axesOf<const Absent>(
  ties: NodeTies,
  { input, rank, absent }: { readonly input: number; readonly rank: number; readonly absent: Absent },
): readonly number[] | Absent | null {
  const none = Symbol('none');
  const list = listOf(ties.node, { attribute: 'axes', input, absent: none });
  if (list === none) return absent;
  return typeof list === 'symbol' || list === null ? null : list.map((axis) => axisFrom(Number(axis), rank));
}
