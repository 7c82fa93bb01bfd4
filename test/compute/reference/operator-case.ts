import fc from 'fast-check';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import type { Random } from '../../../src/stats/seeded-random.ts';

/** A small graph and how its inputs are drawn. */
export interface OperatorCase {
  readonly seed: number;
  /** 20 unless given. */
  readonly opset?: number;
  /** Feeds by name; those of float32 are differentiated. */
  readonly draw: (random: Random) => NamedTensors;
  /** Writes the graph on inputs of these names and returns what it makes. The same graph each time. */
  readonly build: (g: GraphBuilder, input: (name: string) => Value) => readonly Value[];
}

/** Random cases of an operator. */
export interface OperatorCases {
  readonly name: string;
  readonly cases: fc.Arbitrary<OperatorCase>;
}

/** Cases made from plain specifications, which is what a failing property shows. */
export function casesOf<Spec extends object>(
  name: string,
  specs: fc.Arbitrary<Spec>,
  make: (spec: Spec) => Omit<OperatorCase, 'seed'>,
): OperatorCases {
  const cases = fc.tuple(specs, fc.nat()).map(([spec, seed]) => {
    const made = { seed, ...make(spec) };
    return Object.defineProperty(made, fc.toStringMethod, { value: () => `${name} ${JSON.stringify(spec)} ${seed}` });
  });
  return { name, cases };
}

/** Uniform numbers in a range, as float32 holds them. */
export function draw(random: Random, dims: readonly number[], [low, high]: readonly [number, number] = [-2, 2]) {
  const data = Float32Array.from({ length: elementCount(dims) }, () => low + (high - low) * random.next());
  return { type: 'float32', dims, data } satisfies DenseTensor;
}

/** Whole numbers below a bound. */
export function drawLongs(random: Random, dims: readonly number[], below: number) {
  const data = BigInt64Array.from({ length: elementCount(dims) }, () => BigInt(random.integer(below)));
  return { type: 'int64', dims, data } satisfies DenseTensor;
}

/** Shapes of small tensors. */
export function shapes({ minRank = 0, maxRank = 4, minLength = 1, maxLength = 4 } = {}): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: minLength, max: maxLength }), { minLength: minRank, maxLength: maxRank });
}

/** Shapes that broadcast to one shape of a rank up to 4. */
export function broadcastShapes(count: number): fc.Arbitrary<readonly (readonly number[])[]> {
  const operand = fc.record({ ones: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), dropped: fc.nat(4) });
  return fc
    .tuple(shapes(), fc.array(operand, { minLength: count, maxLength: count }))
    .map(([dims, operands]) =>
      operands.map(({ ones, dropped }) =>
        dims.map((dim, axis) => (ones[axis] === true ? 1 : dim)).slice(Math.min(dropped, dims.length)),
      ),
    );
}

/** A shape of a rank from `minRank` on with one of its axes, counted from the front or from the end. */
export function shapeAndAxis(minRank = 1): fc.Arbitrary<{ readonly dims: number[]; readonly axis: number }> {
  return shapes({ minRank }).chain((dims) =>
    fc.record({ dims: fc.constant(dims), axis: fc.integer({ min: -dims.length, max: dims.length - 1 }) }),
  );
}
