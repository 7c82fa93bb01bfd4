import { elementCount } from '../../src/onnx/dense-tensor.ts';
import type { OpOptions } from '../../src/onnx/graph-builder.ts';
import type { Value } from '../../src/onnx/value.ts';
import type { Item, Workbench } from './random-model.ts';
import { structureSteps } from './random-structure-steps.ts';

/** Adds a node or a few to the graph, or nothing where nothing suits. */
export type Step = (bench: Workbench) => void;

const isFloat = ({ type }: Item) => type === 'float32';
const ofRank = (rank: number) => (item: Item) => isFloat(item) && item.dims.length === rank;

/** Operators that leave the shape alone and round the same way whatever is around them. */
const exactUnary = ['Relu', 'Abs', 'Neg', 'Identity', 'Dropout'];
const smoothUnary = ['Sigmoid', 'Tanh', 'Erf', 'Softplus', 'Softsign', 'HardSigmoid', 'Elu', 'LeakyRelu', 'Selu'];
const jumps = ['Floor', 'Ceil', 'Round', 'Sign'];

const unary = (ops: readonly string[], { needsExact = false, exact = false } = {}): Step => {
  return (bench) => {
    const item = bench.pick((item) => isFloat(item) && (item.exact || !needsExact));
    const op = ops[bench.random.integer(ops.length)] ?? 'Relu';
    if (item) bench.add({ ...item, value: bench.g.op(op, [item.value]), exact: exact && item.exact });
  };
};

/** Two values of one shape, or one and a constant that broadcasts. */
const binary: Step = (bench) => {
  const left = bench.pick(isFloat);
  if (!left) return;
  const ops = ['Add', 'Sub', 'Mul', 'Max', 'Min'];
  const op = ops[bench.random.integer(ops.length)] ?? 'Add';
  const same = bench.pick((item) => isFloat(item) && `${item.dims}` === `${left.dims}`);
  const useSame = same !== null && bench.random.integer(2) === 0;
  const right = useSame ? same.value : bench.weights(broadcastable(left.dims, bench));
  const made = bench.g.op(op, bench.random.integer(2) === 0 ? [left.value, right] : [right, left.value]);
  // Sums and products grow; tanh keeps everything near 1.
  bench.add({ ...left, value: op === 'Max' || op === 'Min' ? made : bench.g.op('Tanh', [made]), exact: false });
};

function broadcastable(dims: readonly number[], { random }: Workbench): readonly number[] {
  const kept = dims.map((dim) => (random.integer(2) === 0 ? dim : 1));
  const start = random.integer(dims.length + 1);
  return kept.slice(start);
}

const neutral: Step = (bench) => {
  const item = bench.pick(isFloat);
  if (!item) return;
  const one = { type: 'float32' as const, dims: [], data: Float32Array.of(1) };
  const zero = { type: 'float32' as const, dims: [], data: Float32Array.of(0) };
  const kind = bench.random.integer(4);
  const value =
    kind === 0
      ? bench.g.op('Mul', [item.value, bench.g.constant('one', one)])
      : kind === 1
        ? bench.g.op('Add', [item.value, bench.g.constant('zero', zero)])
        : kind === 2
          ? bench.g.op('Cast', [item.value], { attributes: { to: 1 } })
          : bench.g.op('Div', [item.value, bench.g.constant('one', one)]);
  bench.add({ ...item, value });
};

const conv: Step = (bench) => {
  const item = bench.pick(ofRank(4));
  const [n, c, h, w] = item?.dims ?? [];
  if (!item || n === undefined || c === undefined || h === undefined || w === undefined || h < 3 || w < 3) return;
  const { g, random } = bench;
  const out = 2 + random.integer(4);
  const inputs = [
    item.value,
    bench.weights([out, c, 3, 3]),
    ...(random.integer(2) === 0 ? [bench.weights([out])] : []),
  ];
  const pads = random.integer(2);
  let value = g.op('Conv', inputs, { attributes: { kernel_shape: [3, 3], pads: [pads, pads, pads, pads] } });
  const kind = random.integer(4);
  if (kind === 0) value = g.op('BatchNormalization', [value, ...[0, 1, 2, 3].map((i) => statistics(bench, out, i))]);
  if (kind === 1) value = g.op('Mul', [value, bench.weights([out, 1, 1])]);
  if (kind === 2) value = g.op('Add', [value, bench.weights([1, out, 1, 1])]);
  const dims = [n, out, h + 2 * pads - 2, w + 2 * pads - 2];
  bench.add({ value: g.op('Tanh', [value]), dims, type: 'float32', exact: false });
};

/** Scale, bias, mean or variance: the last is positive. */
function statistics(bench: Workbench, channels: number, index: number): Value {
  if (index < 3) return bench.weights([channels]);
  const data = Float32Array.from({ length: channels }, () => 0.5 + bench.random.next());
  return bench.g.constant('variance', { type: 'float32', dims: [channels], data });
}

const pool: Step = (bench) => {
  const item = bench.pick(ofRank(4));
  const [n = 0, c = 0, h = 0, w = 0] = item?.dims ?? [];
  if (!item || h < 2 || w < 2) return;
  const op = bench.random.integer(2) === 0 ? 'MaxPool' : 'AveragePool';
  const value = bench.g.op(op, [item.value], { attributes: { kernel_shape: [2, 2] } });
  bench.add({ value, dims: [n, c, h - 1, w - 1], type: 'float32', exact: item.exact && op === 'MaxPool' });
};

const globalPool: Step = (bench) => {
  const item = bench.pick(ofRank(4));
  const [n = 0, c = 0] = item?.dims ?? [];
  if (item)
    bench.add({ ...item, value: bench.g.op('GlobalAveragePool', [item.value]), dims: [n, c, 1, 1], exact: false });
};

const matMul: Step = (bench) => {
  const item = bench.pick((item) => isFloat(item) && item.dims.length >= 2);
  const inner = item?.dims.at(-1);
  if (!item || inner === undefined || inner > 200) return;
  const out = 2 + bench.random.integer(5);
  let value = bench.g.op('MatMul', [item.value, bench.weights([inner, out])]);
  if (bench.random.integer(2) === 0) value = bench.g.op('Add', [value, bench.weights([out])]);
  bench.add({
    value: bench.g.op('Tanh', [value]),
    dims: [...item.dims.slice(0, -1), out],
    type: 'float32',
    exact: false,
  });
};

const gemm: Step = (bench) => {
  const item = bench.pick(ofRank(2));
  const [rows = 0, inner = 0] = item?.dims ?? [];
  if (!item || inner > 200) return;
  const out = 2 + bench.random.integer(5);
  const transB = bench.random.integer(2);
  const weights = bench.weights(transB === 1 ? [out, inner] : [inner, out]);
  const options: OpOptions = { attributes: { transB, alpha: 0.5, beta: { float: 1 } } };
  const value = bench.g.op('Gemm', [item.value, weights, bench.weights([out])], options);
  bench.add({ value: bench.g.op('Tanh', [value]), dims: [rows, out], type: 'float32', exact: false });
};

const normalize: Step = (bench) => {
  const item = bench.pick((item) => isFloat(item) && item.dims.length >= 2);
  const last = item?.dims.at(-1) ?? 0;
  if (!item) return;
  const isLayer = bench.opset >= 17 && bench.random.integer(2) === 0;
  const value = isLayer
    ? bench.g.op('LayerNormalization', [item.value, bench.weights([last]), bench.weights([last])])
    : bench.g.op('Softmax', [item.value], { attributes: { axis: -1 } });
  bench.add({ ...item, value: isLayer ? bench.g.op('Tanh', [value]) : value, exact: false });
};

const reduce: Step = (bench) => {
  const item = bench.pick((item) => isFloat(item) && item.dims.length >= 2);
  if (!item) return;
  const axis = bench.random.integer(item.dims.length);
  const op = bench.opset >= 18 ? 'ReduceSum' : 'ReduceMean';
  const value =
    op === 'ReduceSum'
      ? bench.g.op(op, [item.value, bench.ints([axis])], { attributes: { keepdims: 1 } })
      : bench.g.op(op, [item.value], { attributes: { axes: [axis], keepdims: 1 } });
  const dims = item.dims.map((dim, index) => (index === axis ? 1 : dim));
  bench.add({ ...item, value: bench.g.op('Tanh', [value]), dims, exact: false });
};

/** A comparison chooses between two values. */
const where: Step = (bench) => {
  const item = bench.pick((item) => isFloat(item) && item.exact);
  const other = item && bench.pick((other) => isFloat(other) && `${other.dims}` === `${item.dims}`);
  if (!item || !other) return;
  const limit = bench.g.constant('limit', { type: 'float32', dims: [], data: Float32Array.of(0.25) });
  let condition = bench.g.op(bench.random.integer(2) === 0 ? 'Greater' : 'Less', [item.value, limit]);
  if (bench.random.integer(2) === 0) condition = bench.g.op('Not', [condition]);
  bench.add({ ...item, value: bench.g.op('Where', [condition, item.value, other.value]), exact: other.exact });
};

/** The same node once more: a common subexpression. */
const repeat: Step = (bench) => {
  const item = bench.pick(({ value }) => value.producer !== null && value.producer.subgraphs.length === 0);
  const node = item?.value.producer;
  if (!item || !node || node.outputs.length !== 1) return;
  const { op, inputs, attributes } = node;
  const copy = bench.g.graph.append({ op, inputs, outputs: ['again'], attributes: [...attributes.values()] });
  const value = copy.output(0);
  if (value) bench.add({ ...item, value });
};

const argMax: Step = (bench) => {
  const item = bench.pick((item) => isFloat(item) && item.exact && item.dims.length >= 2);
  if (!item) return;
  const value = bench.g.op('ArgMax', [item.value], { attributes: { axis: -1, keepdims: 0 } });
  const dims = item.dims.slice(0, -1);
  if (elementCount(dims) > 0) bench.add({ value, dims, type: 'int64', exact: true });
};

export const randomSteps: readonly Step[] = [
  unary(exactUnary, { exact: true }),
  unary(exactUnary, { exact: true }),
  unary(smoothUnary),
  unary(smoothUnary),
  unary(jumps, { needsExact: true, exact: true }),
  binary,
  binary,
  neutral,
  conv,
  conv,
  pool,
  globalPool,
  matMul,
  gemm,
  normalize,
  reduce,
  where,
  repeat,
  repeat,
  argMax,
  ...structureSteps,
];
