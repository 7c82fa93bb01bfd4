// Which constants two quantized models of one float model have in common, and how far they differ.
import { openModel } from '../../dist-test/src/onnx/file/open-model.js';

/** A tensor as plain numbers: packed halves of bytes one by one, of each row of `stored` numbers the first `used`. */
function numbersOf(tensor, { bits = 8, stored = 1, used = stored } = {}) {
  const { type, data } = tensor.toDense();
  const bytes = Array.from(data, Number);
  const numbers = bits === 8 ? bytes : bytes.flatMap((byte) => [byte & 15, byte >> 4]);
  return { type, numbers: used === stored ? numbers : numbers.filter((_, at) => at % stored < used) };
}

/** Steps between two float32 numbers. */
function ulps(a, b) {
  const order = (x) => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0];
    return bits < 0 ? -(2 ** 31) - bits : bits;
  };
  return Math.abs(order(a) - order(b));
}

function compare({ kind, name }, ours, theirs) {
  const distance = ours.type === 'float32' ? ulps : (a, b) => Math.abs(a - b);
  const fits = ours.numbers.length === theirs.numbers.length;
  const steps = fits ? ours.numbers.map((x, i) => distance(x, theirs.numbers[i])) : [Number.POSITIVE_INFINITY];
  return { kind, name, elements: steps.length, differing: steps.filter((step) => step > 0).length, steps };
}

const trimmed = (name) => name.replace(/_QuantizeLinear_Input$/, '');

/** Scale and zero point of every value that is quantized, by the value's name. */
function activationsOf(graph, constants) {
  const found = new Map();
  for (const node of graph.nodes()) {
    if (node.op !== 'QuantizeLinear') continue;
    const [value, scale, zeroPoint] = node.inputs;
    if (value === null || constants.has(value.name)) continue;
    found.set(trimmed(value.name), { scale: scale?.name, zeroPoint: zeroPoint?.name });
  }
  return found;
}

/** K and the size of blocks by the name of B: what follows behind K in the last block, and behind the last zero point in
 * a byte, is read by nobody. */
function blocksOf(graph) {
  const products = [...graph.nodes()].filter(({ op }) => op === 'MatMulNBits');
  return new Map(
    products.map((node) => [node.input(1)?.name, { k: node.int('K', 0), size: node.int('block_size', 0) }]),
  );
}

function opened(path) {
  const model = openModel(path);
  const { graph } = model.model;
  const constants = new Map([...graph.initializers].map((value) => [value.name, value.constant]));
  const activations = activationsOf(graph, constants);
  return { close: () => model.close(), constants, activations, blocks: blocksOf(graph) };
}

/** What the float model says of names in the quantized ones. */
function readFloat(path) {
  const model = openModel(path);
  const { graph } = model.model;
  /** Names of what a Relu or Clip makes of a value that it alone reads: either name stands for both. */
  const aliases = new Map();
  /** Where the tools differ on purpose: a Gather's result has the range of all it reads there, its own here, which is
   * finer. The bias of a layer that reads it follows. */
  const gathered = new Set();
  /** The weight of each bias. */
  const weights = new Map();
  for (const node of graph.nodes()) {
    const [read, weight, bias] = node.inputs;
    if (node.is('Conv', 'Gemm') && weight && bias) weights.set(bias.name, weight.name);
    if (node.is('Relu', 'Clip') && read?.onlyUser === node) aliases.set(read.name, node.output(0).name);
    if (read?.producer?.is('Gather') !== true || node.is('Gather')) continue;
    gathered.add(read.name);
    if (bias) gathered.add(bias.name);
  }
  const names = [...graph.initializers].map(({ name }) => name);
  model.close();
  return { names, aliases, gathered, weights };
}

/** How each tool calls what it makes of a weight. */
const suffixes = [
  { kind: 'int8 weights', ours: '_quantized', theirs: '_quantized' },
  { kind: 'weight scales', ours: '_scale', theirs: '_scale', beside: '_quantized' },
  { kind: 'weight zero points', ours: '_zero_point', theirs: '_zero_point', beside: '_quantized' },
  { kind: 'bias scales', ours: '_scale', theirs: '_quantized_scale', beside: '_quantized' },
  ...[4, 8].flatMap((bits) => [
    { kind: `${bits}-bit blocks`, ours: `_q${bits}`, theirs: `_Q${bits}`, bits },
    { kind: 'block scales', ours: '_scales', theirs: '_scales', beside: `_q${bits}` },
    { kind: 'block zero points', ours: '_zero_points', theirs: '_zero_points', beside: `_q${bits}`, bits },
  ]),
];

function* comparedConstants(names, ours, theirs) {
  for (const name of names)
    for (const { kind, ours: own, theirs: other, beside, bits } of suffixes) {
      const [a, b] = [ours.constants.get(`${name}${own}`), theirs.constants.get(`${name}${other}`)];
      if (a === undefined || b === undefined || (beside !== undefined && !ours.constants.has(`${name}${beside}`)))
        continue;
      const isBias = kind === 'int8 weights' && a.type === 'int32';
      const layout = { bits, ...rowOf(kind, ours.blocks.get(`${name}_q${bits}`), bits) };
      const label = { kind: isBias ? 'int32 biases' : kind, name };
      yield compare(label, numbersOf(a, layout), numbersOf(b, layout));
    }
}

/** What a column of the weight takes up, and how much of that means something. */
function rowOf(kind, block, bits) {
  if (block === undefined) return {};
  const count = Math.ceil(block.k / block.size);
  if (kind.endsWith('zero points')) return { stored: bits === 4 ? count + (count % 2) : count, used: count };
  return { stored: count * block.size, used: block.k };
}

function* comparedActivations(ours, theirs, alias) {
  for (const [name, own] of ours.activations) {
    const other = theirs.activations.get(name) ?? theirs.activations.get(alias.get(name));
    if (other === undefined) continue;
    for (const [kind, key] of [
      ['activation scales', 'scale'],
      ['activation zero points', 'zeroPoint'],
    ])
      yield compare(
        { kind, name },
        numbersOf(ours.constants.get(own[key])),
        numbersOf(theirs.constants.get(other[key])),
      );
  }
}

/** Whether a bias takes up more than half of int32 there: here scales of its weight are raised until it does not, for the
 * sums of products that are added to it wrap around (`leastWeightScales`); there they are raised only where it overflows. */
function isLarge({ constants }, bias) {
  const tensor = constants.get(`${bias}_quantized`);
  return tensor !== undefined && numbersOf(tensor).numbers.some((x) => Math.abs(x) > 2 ** 30);
}

/** Sums by kind of tensor: how many were compared, how many are equal bit for bit, the largest difference, and whether it is
 * one that is meant. */
export function compareModels({ float, ours: oursPath, theirs: theirsPath }) {
  const { names, aliases, gathered, weights } = readFloat(float);
  const [ours, theirs] = [opened(oursPath), opened(theirsPath)];
  const meant = new Map([...gathered].map((name) => [name, 'behind a Gather']));
  for (const name of [...weights].filter(([bias]) => isLarge(theirs, bias)).flat()) meant.set(name, 'bias guard');
  try {
    const sums = new Map();
    const all = [...comparedConstants(names, ours, theirs), ...comparedActivations(ours, theirs, aliases)];
    for (const { kind, name, elements, differing, steps } of all) {
      const sum = sums.get(kind) ?? {
        kind,
        tensors: 0,
        equal: 0,
        elements: 0,
        differing: 0,
        most: 0,
        names: [],
        isExplained: true,
      };
      if (differing > 0) sum.names.push(meant.has(name) ? `${name}: ${meant.get(name)}` : name);
      sum.isExplained &&= differing === 0 || meant.has(name);
      sum.tensors++;
      sum.equal += differing === 0 ? 1 : 0;
      sum.elements += elements;
      sum.differing += differing;
      sum.most = steps.reduce((most, step) => Math.max(most, step), sum.most);
      sums.set(kind, sum);
    }
    return [...sums.values()];
  } finally {
    for (const { close } of [ours, theirs]) close();
  }
}
