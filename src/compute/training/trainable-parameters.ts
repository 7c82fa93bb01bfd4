import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Use, Value } from '../../onnx/value.ts';

/** Inputs that hold weights, by operator. Running statistics of a normalization are none: no gradient moves them. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
  RMSNormalization: [1],
};

/** Operators that a bias or a scale joins by arithmetic. */
const arithmetic = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** Operators that hand on what they read. */
const moves = new Set([
  'Cast',
  'Concat',
  'Expand',
  'Identity',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Numbers beyond this mask attention; no weight is as large. */
const maskMagnitude = 1e4;

/**
 * Names of the initializers that training may change: float32 weights, biases, scales and embeddings of the main graph.
 * Single numbers of a formula (1/sqrt(2), an epsilon, a pixel's 1/255), masks, and tables that only scale what they
 * meet (rotary positions) are constants. Constant nodes are not looked at: a pass makes initializers of them.
 */
export function trainableParameters({ graph }: Model): readonly string[] {
  return [...graph.initializers].flatMap((value) => (isTrainable(value) ? [value.name] : []));
}

function isTrainable(value: Value): boolean {
  const { tensor, uses } = value;
  if (tensor?.kind !== 'dense' || tensor.type !== 'float32' || tensor.elementCount === 0) return false;
  const kinds = uses.map((use) => useOf(use));
  if (!kinds.some((kind) => kind !== 'constant')) return false;
  // Whatever feeds arithmetic alone may be a mask or a lonely number; a weight of a layer is one for certain.
  return kinds.includes('weight') || (tensor.elementCount > 1 && !isMask(tensor));
}

function useOf({ node, index }: Use): 'weight' | 'operand' | 'constant' {
  if (!node.is(node.op) || isPhase(node)) return 'constant';
  if (Object.hasOwn(weightInputs, node.op))
    return weightInputs[node.op]?.includes(index) === true ? 'weight' : 'constant';
  if (node.op === 'Gather' && index === 0) return isScaleTable(node) ? 'constant' : 'weight';
  if (arithmetic.has(node.op)) return 'operand';
  // A weight may be turned or cut before it is used.
  if (!moves.has(node.op)) return 'constant';
  const kinds = new Set(node.outputs.flatMap((output) => output?.uses.map((use) => useOf(use)) ?? []));
  if (kinds.has('weight')) return 'weight';
  return kinds.has('operand') ? 'operand' : 'constant';
}

/** Whether all that is gathered ends up as a factor of something computed: sines and cosines of positions do. */
function isScaleTable(node: Node): boolean {
  return endsIn(
    node,
    ({ node: reader, index }) => reader.is('Mul') && reader.input(1 - index)?.isInitializer === false,
  );
}

/** Whether its result is an angle and nothing else: positions times rotary frequencies are, which no one trains. */
function isPhase(node: Node): boolean {
  return endsIn(node, ({ node: reader }) => reader.is('Sin', 'Cos'));
}

/** Whether all readers of its result, past those that only move it, are of a kind. */
function endsIn(node: Node, isEnd: (use: Use) => boolean): boolean {
  const readers = node.output(0)?.uses ?? [];
  return (
    readers.length > 0 &&
    readers.every(
      (use) => isEnd(use) || (use.node.is(use.node.op) && moves.has(use.node.op) && endsIn(use.node, isEnd)),
    )
  );
}

function isMask(tensor: Tensor): boolean {
  return numbersOf(tensor.toDense()).some((number) => !Number.isFinite(number) || Math.abs(number) >= maskMagnitude);
}
