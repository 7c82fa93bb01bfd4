import fc from 'fast-check';
import { longs } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw, shapes } from '../operator-case.ts';

/** Some axes of a shape, counted from the front or from the end; null where the input is left out. */
const specs = shapes({ minRank: 1 }).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    axes: fc.option(
      fc
        .subarray([...dims.keys()])
        .chain((axes) =>
          fc
            .tuple(...axes.map(() => fc.boolean()))
            .map((fromEnd) => axes.map((axis, index) => (fromEnd[index] === true ? axis - dims.length : axis))),
        ),
    ),
    keepdims: fc.nat(1),
    noop_with_empty_axes: fc.nat(1),
  }),
);

function reduction(op: string, range: readonly [number, number] = [-2, 2]): OperatorCases {
  return casesOf(op, specs, ({ dims, axes, ...attributes }) => ({
    draw: (random) => ({ x: draw(random, dims, range) }),
    build: (g, input) => [
      g.op(op, [input('x'), ...(axes === null ? [] : [g.constant('axes', longs(axes))])], { attributes }),
    ],
  }));
}

export const reductionCases: readonly OperatorCases[] = [
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare'].map((op) =>
    reduction(op),
  ),
  reduction('ReduceLogSum', [0.3, 3]),
  reduction('ReduceLogSumExp'),
];
