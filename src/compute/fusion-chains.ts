import type { Node } from '../onnx/node.ts';
import type { Value } from '../onnx/value.ts';

/** What the runtime may take into a node that stands before it: quantization, activations, a bias. */
const followingOps = [
  'QuantizeLinear',
  'DequantizeLinear',
  'Cast',
  'Mul',
  'Add',
  'Relu',
  'Clip',
  'LeakyRelu',
  'Sigmoid',
  'Tanh',
  'HardSigmoid',
  'BatchNormalization',
  'Identity',
] as const;

/** Product, Cast, Mul, Add and an activation: the longest chain that becomes one node. */
const longestChain = 6;

/**
 * The node that does the work behind a value of a quantized model: the one before QuantizeLinear and DequantizeLinear,
 * or before what turns an integer product into floats. Null for inputs and constants.
 * @param op of the original, where it is known: an Add or Mul is not taken for what follows an integer product
 */
export function coreOf(value: Value, op?: string): Node | null {
  let node = value.producer;
  while (node !== null) {
    const before = node.input(0)?.producer ?? null;
    if (node.is('QuantizeLinear')) node = before;
    else if (node.is('DequantizeLinear')) node = before?.is('QuantizeLinear') === true ? before : null;
    else return node.op === op ? node : (integerProductBehind(node) ?? node);
  }
  return null;
}

/** The MatMulInteger or ConvInteger of which a Cast, a Mul by the scales and an Add of the bias make floats. */
function integerProductBehind(node: Node): Node | null {
  let at: Node | null = node;
  for (const op of ['Add', 'Mul', 'Cast']) {
    if (at?.is(op) === true) at = at.input(0)?.producer ?? null;
  }
  return at?.is('MatMulInteger', 'ConvInteger') === true ? at : null;
}

export interface Follower {
  readonly value: Value;
  /** Nodes between the one that was asked about and the value. */
  readonly passed: readonly Node[];
}

/** The results of a node and what follows from each alone, nearest first, up to the end of its quantization. */
export function* followers(core: Node): Generator<Follower, void, undefined> {
  let level: readonly Follower[] = core.outputs.flatMap((value) => (value === null ? [] : [{ value, passed: [] }]));
  for (let depth = 0; depth <= longestChain && level.length > 0; depth++) {
    yield* level;
    level = level.flatMap(next);
  }
}

function next({ value, passed }: Follower): readonly Follower[] {
  const last = passed.at(-1);
  // What reads the dequantized value is another node with a fate of its own.
  if (last?.is('DequantizeLinear') === true) return [];
  return value.uses.flatMap(({ node, index }) => {
    const follows = last?.is('QuantizeLinear') === true ? node.is('DequantizeLinear') : node.is(...followingOps);
    const output = node.output(0);
    // A scale or a zero point is no result that is passed on.
    if (!follows || output === null || (index > 0 && !node.is('Add', 'Mul'))) return [];
    return [{ value: output, passed: [...passed, node] }];
  });
}

/** The constants that a node reads, as they are or dequantized, and nobody else does. */
export function ownConstantsOf(node: Node): readonly string[] {
  return node.inputs.flatMap((value) => {
    const producer = value?.producer ?? null;
    const source = producer?.is('DequantizeLinear') === true ? producer.input(0) : value;
    const readers = source === value ? 1 : (value?.useCount ?? 0);
    return source?.constant != null && source.useCount === 1 && readers === 1 ? [source.name] : [];
  });
}
