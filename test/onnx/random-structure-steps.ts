import { elementCount } from '../../src/onnx/dense-tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import type { Item } from './random-model.ts';
import type { Step } from './random-steps.ts';

const isFloat = ({ type }: Item) => type === 'float32';
const atLeast = (rank: number) => (item: Item) => isFloat(item) && item.dims.length >= rank;

const transpose: Step = ({ g, random, pick, add }) => {
  const item = pick(atLeast(2));
  if (!item) return;
  const perm = random.shuffle(item.dims.map((_, axis) => axis));
  const value = g.op('Transpose', [item.value], { attributes: { perm } });
  add({ ...item, value, dims: perm.map((axis) => item.dims[axis] ?? 0) });
  if (random.integer(2) === 0) {
    const back = perm.map((_, axis) => perm.indexOf(axis));
    add({ ...item, value: g.op('Transpose', [value], { attributes: { perm: back } }) });
  }
};

const reshape: Step = ({ g, random, pick, add, ints }) => {
  const item = pick(atLeast(2));
  if (!item) return;
  const first = item.dims[0] ?? 1;
  const rest = elementCount(item.dims.slice(1));
  const targets = [[first, rest], [0, -1], [first * rest, 1], [...item.dims], [-1]];
  const target = targets[random.integer(targets.length)] ?? [-1];
  const total = elementCount(item.dims);
  const zeroless = target.map((dim, axis) => (dim === 0 ? (item.dims[axis] ?? 0) : dim));
  const known = elementCount(zeroless.filter((dim) => dim > 0));
  const dims = zeroless.map((dim) => (dim < 0 ? total / known : dim));
  add({ ...item, value: g.op('Reshape', [item.value, ints(target)]), dims });
};

/** A target computed from the value's own shape, as exporters write it. */
const shapeChain: Step = ({ g, pick, add, ints }) => {
  const item = pick(atLeast(2));
  if (!item) return;
  const shape = g.op('Shape', [item.value]);
  const first = g.op('Gather', [shape, ints([0])], { attributes: { axis: 0 } });
  const target = g.op('Concat', [first, ints([-1])], { attributes: { axis: 0 } });
  const dims = [item.dims[0] ?? 1, elementCount(item.dims.slice(1))];
  add({ ...item, value: g.op('Reshape', [item.value, target]), dims });
};

const flatten: Step = ({ g, pick, add }) => {
  const item = pick(atLeast(2));
  if (!item) return;
  const dims = [item.dims[0] ?? 1, elementCount(item.dims.slice(1))];
  add({ ...item, value: g.op('Flatten', [item.value], { attributes: { axis: 1 } }), dims });
};

const unsqueezeSqueeze: Step = ({ g, random, pick, add, ints }) => {
  const item = pick((item) => isFloat(item) && item.dims.length <= 4);
  if (!item) return;
  const axis = random.integer(item.dims.length + 1);
  const value = g.op('Unsqueeze', [item.value, ints([axis])]);
  add({ ...item, value, dims: item.dims.toSpliced(axis, 0, 1) });
  if (random.integer(2) === 0) add({ ...item, value: g.op('Squeeze', [value, ints([axis])]) });
};

const concat: Step = ({ g, random, pick, add }) => {
  const item = pick(atLeast(2));
  const other = item && pick((other) => isFloat(other) && `${other.dims}` === `${item.dims}`);
  if (!item || !other || elementCount(item.dims) > 4000) return;
  const axis = random.integer(item.dims.length);
  const parts = random.integer(4) === 0 ? [item.value] : [item.value, other.value];
  const dims = item.dims.map((dim, index) => (index === axis ? dim * parts.length : dim));
  add({ ...item, value: g.op('Concat', parts, { attributes: { axis } }), dims, exact: item.exact && other.exact });
};

const split: Step = ({ g, random, pick, add, ints }) => {
  const item = pick((item) => isFloat(item) && item.dims.some((dim) => dim >= 2));
  if (!item) return;
  const axis = item.dims.findIndex((dim) => dim >= 2);
  const size = item.dims[axis] ?? 2;
  const left = 1 + random.integer(size - 1);
  const sizes = [left, size - left];
  const values = g.ops('Split', [item.value, ints(sizes)], { outputs: 2, attributes: { axis } });
  for (const [index, value] of values.entries())
    add({ ...item, value, dims: item.dims.map((dim, at) => (at === axis ? (sizes[index] ?? 0) : dim)) });
};

const slice: Step = ({ g, random, pick, add, ints }) => {
  const item = pick((item) => isFloat(item) && item.dims.some((dim) => dim >= 2));
  if (!item) return;
  const axis = item.dims.findIndex((dim) => dim >= 2);
  const size = item.dims[axis] ?? 2;
  const isWhole = random.integer(2) === 0;
  const start = isWhole ? 0 : 1;
  const end = isWhole ? 2 ** 31 - 1 : size;
  const value = g.op('Slice', [item.value, ints([start]), ints([end]), ints([axis])]);
  add({ ...item, value, dims: item.dims.map((dim, at) => (at === axis ? size - start : dim)) });
};

const gather: Step = ({ g, random, pick, add, ints }) => {
  const item = pick(atLeast(2));
  if (!item) return;
  const axis = random.integer(item.dims.length);
  const size = item.dims[axis] ?? 1;
  const indices = [random.integer(size), random.integer(size)];
  const value = g.op('Gather', [item.value, ints(indices)], { attributes: { axis } });
  add({ ...item, value, dims: item.dims.map((dim, at) => (at === axis ? 2 : dim)) });
};

const expandTile: Step = ({ g, random, pick, add, ints }) => {
  const item = pick((item) => isFloat(item) && item.dims.length >= 1 && elementCount(item.dims) < 1000);
  if (!item) return;
  const grows = random.integer(2) === 0;
  if (random.integer(2) === 0) {
    const lead = grows ? [2] : [];
    add({ ...item, value: g.op('Expand', [item.value, ints([...lead, ...item.dims])]), dims: [...lead, ...item.dims] });
  } else {
    const repeats = item.dims.map((_, axis) => (grows && axis === 0 ? 2 : 1));
    const dims = item.dims.map((dim, axis) => dim * (repeats[axis] ?? 1));
    add({ ...item, value: g.op('Tile', [item.value, ints(repeats)]), dims });
  }
};

const pad: Step = ({ g, random, pick, add, ints, weights }) => {
  const item = pick((item) => isFloat(item) && item.dims.length === 4 && elementCount(item.dims) < 2000);
  const [n = 0, c = 0, h = 0, w = 0] = item?.dims ?? [];
  if (!item) return;
  const by = random.integer(2);
  const padded = g.op('Pad', [item.value, ints([0, 0, by, by, 0, 0, by, by])]);
  const dims = [n, c, h + 2 * by, w + 2 * by];
  add({ ...item, value: padded, dims });
  if (random.integer(2) !== 0 || h + 2 * by < 3 || w + 2 * by < 3) return;
  const value = g.op('Tanh', [g.op('Conv', [padded, weights([2, c, 3, 3])], { attributes: { kernel_shape: [3, 3] } })]);
  add({ value, dims: [n, 2, h + 2 * by - 2, w + 2 * by - 2], type: 'float32', exact: false });
};

/** Nodes whose inputs are all constant. */
const constantIsland: Step = ({ g, pick, add, weights }) => {
  const item = pick((item) => isFloat(item) && item.dims.length >= 1);
  if (!item) return;
  const sum = g.op('Sigmoid', [g.op('Add', [weights([item.dims.at(-1) ?? 1]), weights([1])])]);
  add({ ...item, value: g.op('Mul', [item.value, sum]), exact: false });
};

const constantNode: Step = ({ g, random, pick, add }) => {
  const item = pick(isFloat);
  if (!item) return;
  const constant = g.op('Constant', [], { attributes: { value_float: { float: random.next() } } });
  add({ ...item, value: g.op('Mul', [item.value, constant]), exact: false });
};

/** A branch by a constant or by a value, capturing from outside. */
const conditional: Step = ({ g, random, pick, add }) => {
  const item = pick((item) => isFloat(item) && item.exact);
  if (!item) return;
  const isConstant = random.integer(2) === 0;
  const flag = { type: 'bool' as const, dims: [], data: Uint8Array.of(random.integer(2)) };
  const largest = () => g.op('ReduceMax', [item.value], { attributes: { keepdims: 0 } });
  const zero = () => g.constant('zero', { type: 'float32', dims: [], data: Float32Array.of(0) });
  const condition = isConstant ? g.constant('flag', flag) : g.op('Greater', [largest(), zero()]);
  const branch = (op: string) => {
    const inner = g.subgraph(`${op}_branch`);
    inner.output(inner.op(op, [inner.op('Identity', [item.value])]), undefined, tensorType('float32', item.dims));
    return inner.graph;
  };
  const attributes = { then_branch: branch('Neg'), else_branch: branch('Abs') };
  add({ ...item, value: g.op('If', [condition], { attributes }) });
};

export const structureSteps: readonly Step[] = [
  transpose,
  transpose,
  reshape,
  reshape,
  shapeChain,
  flatten,
  unsqueezeSqueeze,
  concat,
  split,
  slice,
  gather,
  expandTile,
  pad,
  constantIsland,
  constantNode,
  conditional,
];
