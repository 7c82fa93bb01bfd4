import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Use, Value } from '../../onnx/value.ts';
import { isWaveTable } from './wave-table.ts';

/**
 * Inputs that hold weights, by operator, those without a gradient included: training tells that it cannot reach them.
 * Running statistics of a normalization are none: no gradient moves them.
 */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  GRU: [1, 2, 3],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LSTM: [1, 2, 3],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
  RNN: [1, 2, 3],
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
 * Single numbers of a formula (1/sqrt(2), an epsilon, a pixel's 1/255), masks, and tables of sines and cosines (rotary
 * positions) are constants. Functions are to be inlined before.
 */
export function trainableParameters({ graph }: Model): readonly string[] {
  return [...graph.initializers].flatMap((value) => (isTrainable(value) ? [value.name] : []));
}

/** What a constant is to its readers: what a layer multiplies by, rows to look up, or a side of plain arithmetic. */
const kinds = ['weight', 'table', 'operand', 'constant'] as const;

type Kind = (typeof kinds)[number];

function isTrainable({ tensor, uses }: Value): boolean {
  if (tensor?.kind !== 'dense' || tensor.type !== 'float32' || tensor.elementCount === 0) return false;
  switch (firstKind(uses)) {
    case 'weight':
      return true;
    case 'table':
      return !isMask(tensor) && !isWaveTable(tensor);
    case 'operand':
      // It may be a mask or a lonely number, which a weight of a layer is not.
      return tensor.elementCount > 1 && !isMask(tensor) && !isWaveTable(tensor);
    case 'constant':
      return false;
  }
}

/** The kind that says most of a value that is read in several places. */
function firstKind(uses: readonly Use[]): Kind {
  const found = new Set(uses.map((use) => kindOf(use)));
  return kinds.find((kind) => found.has(kind)) ?? 'constant';
}

function kindOf({ node, index }: Use): Kind {
  if (!node.is(node.op) || isPhase(node)) return 'constant';
  if (Object.hasOwn(weightInputs, node.op))
    return weightInputs[node.op]?.includes(index) === true ? 'weight' : 'constant';
  if (node.op === 'Einsum') return 'weight';
  if (node.op === 'Gather' && index === 0) return 'table';
  if (arithmetic.has(node.op)) return 'operand';
  // A weight may be turned or cut before it is used.
  return moves.has(node.op) ? firstKind(node.outputs.flatMap((output) => output?.uses ?? [])) : 'constant';
}

/**
 * Whether its result is an angle and nothing else: positions times rotary frequencies are, which no one trains. An
 * activation takes the sine alone.
 */
function isPhase(node: Node): boolean {
  const readers = lastReaders(node);
  return ['Sin', 'Cos'].every((op) => readers.some((reader) => reader.is(op))) && readers.every(isWave);
}

function isWave(node: Node): boolean {
  return node.is('Sin', 'Cos');
}

/** Who reads its result, past those that only move it. */
function lastReaders(node: Node): readonly Node[] {
  const readers = node.outputs.flatMap((output) => output?.uses ?? []).map((use) => use.node);
  return readers.flatMap((reader) => (reader.is(reader.op) && moves.has(reader.op) ? lastReaders(reader) : [reader]));
}

/** Numbers that hide what they are added to, or zeros and ones that choose. */
function isMask(tensor: Tensor): boolean {
  const numbers = numbersOf(tensor.toDense());
  if (numbers.some((number) => !Number.isFinite(number) || Math.abs(number) >= maskMagnitude)) return true;
  return numbers.every((number) => number === 0 || number === 1) && numbers.includes(0) && numbers.includes(1);
}
