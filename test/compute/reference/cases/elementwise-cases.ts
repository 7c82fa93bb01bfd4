import fc from 'fast-check';
import { TensorProto_DataType } from 'onnx-buf';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import { floats, longs } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCases } from '../operator-case.ts';
import { broadcastShapes, casesOf, draw, shapeAndAxis, shapes } from '../operator-case.ts';

type Range = readonly [number, number];

/** An operator of one operand, on numbers of a range. */
function unary(
  op: string,
  range: Range = [-3, 3],
  attributes: fc.Arbitrary<Readonly<Record<string, PlainAttribute>>> = fc.constant({}),
  opset = 20,
): OperatorCases {
  return casesOf(op, fc.record({ dims: shapes(), attributes }), ({ dims, attributes }) => ({
    opset,
    draw: (random) => ({ x: draw(random, dims, range) }),
    build: (g, input) => [g.op(op, [input('x')], { attributes })],
  }));
}

/** An operator of several operands that broadcast, each on its range. */
function broadcasting(op: string, ranges: readonly Range[]): OperatorCases {
  return casesOf(op, fc.record({ operands: broadcastShapes(ranges.length) }), ({ operands }) => ({
    draw: (random) =>
      Object.fromEntries(operands.map((dims, index) => [`x${index}`, draw(random, dims, ranges[index])])),
    build: (g, input) => [
      g.op(
        op,
        operands.map((_, index) => input(`x${index}`)),
      ),
    ],
  }));
}

const slope = fc.integer({ min: 1, max: 20 }).map((tenths) => ({ float: tenths / 10 }));
const any: Range = [-2, 2];
const positive: Range = [0.3, 3];

const clip = casesOf(
  'Clip',
  fc.record({
    dims: shapes(),
    low: fc.option(fc.integer({ min: -3, max: 0 })),
    high: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
  ({ dims, low, high }) => ({
    draw: (random) => ({ x: draw(random, dims, [-3, 3]) }),
    build: (g, input) => {
      const bound = (value: number | null) => (value === null ? null : g.constant('bound', floats([], [value / 2])));
      return [g.op('Clip', [input('x'), bound(low), bound(high)])];
    },
  }),
);

const where = casesOf(
  'Where',
  fc.record({ operands: broadcastShapes(3) }),
  ({ operands: [condition = [], a = [], b = []] }) => ({
    draw: (random) => {
      const { dims, data } = draw(random, condition);
      return {
        c: { type: 'bool', dims, data: Uint8Array.from(data, (x) => (x > 0 ? 1 : 0)) },
        a: draw(random, a),
        b: draw(random, b),
      };
    },
    build: (g, input) => [g.op('Where', [input('c'), input('a'), input('b')])],
  }),
);

const prelu = casesOf(
  'PRelu',
  fc.record({
    dims: shapes({ minRank: 1 }),
    ones: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    dropped: fc.nat(2),
  }),
  ({ dims, ones, dropped }) => {
    const slope = dims.map((dim, axis) => (ones[axis] === true ? 1 : dim)).slice(Math.min(dropped, dims.length));
    return {
      draw: (random) => ({ x: draw(random, dims), slope: draw(random, slope) }),
      build: (g, input) => [g.op('PRelu', [input('x'), input('slope')])],
    };
  },
);

const cast = casesOf('Cast', fc.record({ dims: shapes() }), ({ dims }) => ({
  draw: (random) => ({ x: draw(random, dims) }),
  build: (g, input) => {
    const wide = g.op('Cast', [input('x')], { attributes: { to: TensorProto_DataType.DOUBLE } });
    return [g.op('Cast', [g.op('Mul', [wide, wide])], { attributes: { to: TensorProto_DataType.FLOAT } })];
  },
}));

const cumSum = casesOf(
  'CumSum',
  fc.record({ shape: shapeAndAxis(), exclusive: fc.nat(1), reverse: fc.nat(1) }),
  ({ shape: { dims, axis }, exclusive, reverse }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [
      g.op('CumSum', [input('x'), g.constant('axis', { ...longs([axis]), dims: [] })], {
        attributes: { exclusive, reverse },
      }),
    ],
  }),
);

export const elementwiseCases: readonly OperatorCases[] = [
  ...['Identity', 'Dropout', 'Neg', 'Abs', 'Exp', 'Sin', 'Cos', 'Erf', 'Sigmoid', 'Tanh', 'Softsign'].map((op) =>
    unary(op),
  ),
  ...['Relu', 'Softplus', 'Mish'].map((op) => unary(op)),
  ...['Sqrt', 'Log', 'Reciprocal'].map((op) => unary(op, positive)),
  unary('HardSwish', [-5, 5]),
  unary('Gelu', [-3, 3], fc.constantFrom({}, { approximate: 'none' }, { approximate: 'tanh' })),
  unary('LeakyRelu', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope }))),
  unary('Celu', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope }))),
  unary('ThresholdedRelu', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope }))),
  unary('Swish', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope })), 24),
  unary('Elu', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope }))),
  unary('Selu', any, fc.oneof(fc.constant({}), fc.record({ alpha: slope, gamma: slope }))),
  unary('HardSigmoid', [-4, 4], fc.oneof(fc.constant({}), fc.record({ alpha: slope, beta: slope }))),
  broadcasting('Add', [any, any]),
  broadcasting('Sub', [any, any]),
  broadcasting('Mul', [any, any]),
  broadcasting('Div', [any, positive]),
  broadcasting('Pow', [positive, any]),
  ...['Max', 'Min', 'Sum', 'Mean'].flatMap((op) => [broadcasting(op, [any, any]), broadcasting(op, [any, any, any])]),
  clip,
  where,
  prelu,
  cast,
  cumSum,
];
