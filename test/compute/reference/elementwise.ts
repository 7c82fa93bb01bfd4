import { erf } from './erf.ts';
import type { NdArray } from './nd-array.ts';
import { axisOf, broadcastAt, broadcastShape, fill } from './nd-array.ts';
import type { NodeCall, ReferenceOp, ReferenceOps } from './reference-op.ts';

/** Of one operand: a formula, and the points where it has no derivative. */
function unary(
  formula: (x: number, call: NodeCall) => number,
  kinks: (call: NodeCall) => readonly number[] = () => [],
) {
  const op: ReferenceOp = (call) => {
    const { dims, data } = call.input(0);
    const points = kinks(call);
    for (const point of points) for (const x of data) call.kink(Math.abs(x - point));
    return [{ dims, data: data.map((x) => formula(x, call)) }];
  };
  return op;
}

/** Of two operands that broadcast. */
function binary(formula: (a: number, b: number) => number): ReferenceOp {
  return ({ input }) => {
    const [a, b] = [input(0), input(1)];
    return [fill(broadcastShape([a.dims, b.dims]), (i) => formula(broadcastAt(a, i), broadcastAt(b, i)))];
  };
}

/** Of any number of operands that broadcast. */
function variadic(formula: (values: readonly number[], call: NodeCall) => number): ReferenceOp {
  return (call) => {
    const all = call.inputs.filter((x): x is NdArray => x !== null);
    const dims = broadcastShape(all.map((x) => x.dims));
    return [
      fill(dims, (index) =>
        formula(
          all.map((x) => broadcastAt(x, index)),
          call,
        ),
      ),
    ];
  };
}

/** The first of several values in an order, and how far the second is behind it. */
export function extreme(values: readonly number[], sign: 1 | -1, call: NodeCall): number {
  const [first = Number.NaN, second] = values.toSorted((a, b) => sign * (b - a));
  if (second !== undefined) call.kink(Math.abs(first - second));
  return first;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));

const bounds = (call: NodeCall): readonly [number, number] => [
  call.numbers(1)?.[0] ?? -Infinity,
  call.numbers(2)?.[0] ?? Infinity,
];
const hardSigmoid = (x: number, alpha: number, beta: number): number => Math.max(0, Math.min(1, alpha * x + beta));
const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));
const geluTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

export const unaryOps: ReferenceOps = {
  Identity: unary((x) => x),
  Dropout: unary((x) => x),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs, () => [0]),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Reciprocal: unary((x) => 1 / x),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Erf: unary(erf),
  Sigmoid: unary(sigmoid),
  Tanh: unary(Math.tanh),
  Softplus: unary(softplus),
  Softsign: unary((x) => x / (1 + Math.abs(x))),
  Swish: unary((x, { node }) => x * sigmoid(node.float('alpha', 1) * x)),
  Mish: unary((x) => x * Math.tanh(softplus(x))),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Sign: unary(Math.sign),
  Not: unary((x) => (x === 0 ? 1 : 0)),
  Relu: unary(
    (x) => Math.max(0, x),
    () => [0],
  ),
  LeakyRelu: unary(
    (x, { node }) => (x < 0 ? node.float('alpha', Math.fround(0.01)) * x : x),
    () => [0],
  ),
  ThresholdedRelu: unary(
    (x, { node }) => (x > node.float('alpha', 1) ? x : 0),
    ({ node }) => [node.float('alpha', 1)],
  ),
  Elu: unary(
    (x, { node }) => (x < 0 ? node.float('alpha', 1) * Math.expm1(x) : x),
    () => [0],
  ),
  Celu: unary(
    (x, { node }) => Math.max(0, x) + Math.min(0, node.float('alpha', 1) * Math.expm1(x / node.float('alpha', 1))),
    () => [0],
  ),
  Selu: unary(
    (x, { node }) =>
      node.float('gamma', 1.0507010221481323) * (x > 0 ? x : node.float('alpha', 1.6732631921768188) * Math.expm1(x)),
    () => [0],
  ),
  Clip: unary(
    (x, call) => Math.min(bounds(call)[1], Math.max(bounds(call)[0], x)),
    (call) => bounds(call).filter(Number.isFinite),
  ),
  HardSigmoid: unary(
    (x, { node }) => hardSigmoid(x, node.float('alpha', Math.fround(0.2)), node.float('beta', 0.5)),
    ({ node }) => {
      const [alpha, beta] = [node.float('alpha', Math.fround(0.2)), node.float('beta', 0.5)];
      return [-beta / alpha, (1 - beta) / alpha];
    },
  ),
  HardSwish: unary(
    (x) => x * hardSigmoid(x, 1 / 6, 0.5),
    () => [-3, 3],
  ),
  Gelu: unary((x, { node }) => (node.string('approximate', 'none') === 'tanh' ? geluTanh(x) : gelu(x))),
};

export const naryOps: ReferenceOps = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Pow: binary((a, b) => a ** b),
  Greater: binary((a, b) => (a > b ? 1 : 0)),
  GreaterOrEqual: binary((a, b) => (a >= b ? 1 : 0)),
  Less: binary((a, b) => (a < b ? 1 : 0)),
  LessOrEqual: binary((a, b) => (a <= b ? 1 : 0)),
  Equal: binary((a, b) => (a === b ? 1 : 0)),
  And: binary((a, b) => a * b),
  Or: binary((a, b) => Math.max(a, b)),
  Max: variadic((values, call) => extreme(values, 1, call)),
  Min: variadic((values, call) => extreme(values, -1, call)),
  Sum: variadic((values) => values.reduce((a, b) => a + b, 0)),
  Mean: variadic((values) => values.reduce((a, b) => a + b, 0) / values.length),
  PRelu: (call) => {
    const [x, slope] = [call.input(0), call.input(1)];
    for (const each of x.data) call.kink(Math.abs(each));
    return [fill(x.dims, (i) => broadcastAt(x, i) * (broadcastAt(x, i) < 0 ? broadcastAt(slope, i) : 1))];
  },
  Where: ({ input }) => {
    const [condition, a, b] = [input(0), input(1), input(2)];
    const dims = broadcastShape([condition.dims, a.dims, b.dims]);
    return [fill(dims, (i) => broadcastAt(broadcastAt(condition, i) === 0 ? b : a, i))];
  },
  CumSum: ({ node, input, numbers }) => {
    const x = input(0);
    const axis = axisOf(numbers(1)?.[0] ?? 0, x);
    const [exclusive, reverse] = [node.int('exclusive', 0) === 1, node.int('reverse', 0) === 1];
    return [
      fill(x.dims, (index) => {
        let sum = 0;
        const place = index[axis] ?? 0;
        for (let i = 0; i < (x.dims[axis] ?? 0); i++) {
          const counts = (reverse ? i > place : i < place) || (i === place && !exclusive);
          if (counts) sum += broadcastAt(x, index.with(axis, i));
        }
        return sum;
      }),
    ];
  },
};
