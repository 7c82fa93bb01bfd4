import { extreme } from './elementwise.ts';
import type { NdArray } from './nd-array.ts';
import { at, axisOf, fill, indicesOf } from './nd-array.ts';
import type { NodeCall, ReferenceOp, ReferenceOps } from './reference-op.ts';

/** Takes axes together by a function of all their elements; axes are the second input. */
function reduction(result: (values: readonly number[], call: NodeCall) => number): ReferenceOp {
  return (call) => {
    const x = call.input(0);
    const given = call.numbers(1) ?? [];
    // Every element by itself, then: ReduceL2 gives magnitudes.
    const all = call.node.int('noop_with_empty_axes', 0) === 1 ? [] : [...x.dims.keys()];
    const axes = given.length === 0 ? all : given.map((axis) => axisOf(axis, x));
    const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const reduced = fill(kept, (index) => result(valuesUnder(x, axes, index), call));
    const dims = call.node.int('keepdims', 1) === 1 ? kept : kept.filter((_, axis) => !axes.includes(axis));
    return [{ dims, data: reduced.data }];
  };
}

function valuesUnder(x: NdArray, axes: readonly number[], index: readonly number[]): readonly number[] {
  const values: number[] = [];
  for (const inner of indicesOf(x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1))))
    values.push(
      at(
        x,
        inner.map((i, axis) => i + (index[axis] ?? 0)),
      ),
    );
  return values;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const reductionOps: ReferenceOps = {
  ReduceSum: reduction(sum),
  ReduceMean: reduction((values) => sum(values) / values.length),
  ReduceMax: reduction((values, call) => extreme(values, 1, call)),
  ReduceMin: reduction((values, call) => extreme(values, -1, call)),
  ReduceSumSquare: reduction((values) => sum(values.map((x) => x * x))),
  ReduceLogSum: reduction((values) => Math.log(sum(values))),
  ReduceLogSumExp: reduction((values) => Math.log(sum(values.map(Math.exp)))),
  ReduceL2: reduction((values, call) => {
    call.kink(Math.hypot(...values));
    return Math.hypot(...values);
  }),
  ReduceL1: reduction((values, call) => {
    for (const x of values) call.kink(Math.abs(x));
    return sum(values.map(Math.abs));
  }),
};
