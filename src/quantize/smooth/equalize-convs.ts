import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import { nodeKey } from '../rewrite/node-key.ts';
import { floatConstant } from '../rewrite/weights.ts';
import type { FloatArray } from './along-axis.ts';
import { maximaAlong, multipliedAlong } from './along-axis.ts';
import { replaceConstant } from './replace-constant.ts';

/** Why a convolution whose output another one reads was left as it is. */
export type NotEqualized =
  /** What lies between them, such as a Clip, is not the same for larger numbers. */
  | 'not-homogeneous'
  /** Something else reads what it makes. */
  | 'read-by-others'
  /** A weight or bias is computed, of another type, or read by other nodes too. */
  | 'constants';

export interface EqualizationReport {
  /** Keys of convolutions whose channels have the range of the weights that read them now. */
  readonly equalized: readonly string[];
  readonly skipped: ReadonlyMap<string, NotEqualized>;
}

interface Pair {
  readonly first: Node;
  readonly second: Node;
}

/** f(s x) = s f(x) for s above 0, channel by channel. */
const homogeneous = ['Relu', 'LeakyRelu', 'Identity', 'MaxPool', 'AveragePool', 'GlobalAveragePool'] as const;

/** Activations that are not, and so stand between two convolutions that could be equalized else. */
const others = ['Clip', 'HardSwish', 'HardSigmoid', 'Sigmoid', 'Tanh'] as const;

/** Pairs in a row disturb each other a little: a few rounds settle them. */
const mostRounds = 10;
const settled = 1.01;

/**
 * Cross-layer equalization (Nagel et al., "Data-Free Quantization", 2019, section 4.1): of two convolutions in a row,
 * each channel between them is divided by s and the weights that read it multiplied by s, so that both sides have the
 * same range: s = sqrt(r1 / r2). One scale then fits all channels. What the model computes stays the same.
 */
export function equalizeConvs(model: Model): EqualizationReport {
  const pairs: Pair[] = [];
  const skipped = new Map<string, NotEqualized>();
  for (const first of model.graph.nodes()) {
    const found = first.is('Conv') ? pairOf(first) : null;
    if (typeof found === 'string') skipped.set(nodeKey(first), found);
    else if (found !== null) pairs.push(found);
  }
  for (let round = 0, most = Infinity; round < mostRounds && most > settled; round++)
    most = Math.max(1, ...pairs.map(equalize));
  return { equalized: pairs.map(({ first }) => nodeKey(first)), skipped };
}

/** The convolution behind one; a reason where there is one, but not to be changed; null where there is none. */
function pairOf(first: Node): Pair | NotEqualized | null {
  let value = first.output(0);
  let isHomogeneous = true;
  for (let next = readerOf(value); next !== null; next = readerOf(value)) {
    if (next.is('Conv')) {
      if (next.input(0) !== value || !isOwnConvolution(first) || !isOwnConvolution(next)) return 'constants';
      return isHomogeneous ? { first, second: next } : 'not-homogeneous';
    }
    if (next.outputs.length !== 1) return null;
    if (!next.is(...homogeneous)) {
      if (!next.is(...others)) return null;
      isHomogeneous = false;
    }
    value = next.output(0);
  }
  return value?.uses.some(({ node }) => node.is('Conv')) === true ? 'read-by-others' : null;
}

/** The only node that reads a value, once. */
function readerOf(value: Value | null): Node | null {
  return value !== null && value.useCount === 1 ? value.onlyUser : null;
}

function isOwnConvolution(node: Node): boolean {
  const [, weight = null, bias = null] = node.inputs;
  if (weight === null || floatConstant(weight) === null || weight.useCount !== 1) return false;
  return bias === null || floatConstant(bias) !== null;
}

/** Returns by how much the channel that changed most did. */
function equalize({ first, second }: Pair): number {
  const [before, behind] = [floatConstant(first.input(1)), floatConstant(second.input(1))];
  if (before === null || behind === null) return 1;
  const groups = second.int('group', 1);
  const written = maximaAlong(before, 0);
  const read = readMaxima(behind, { groups, channels: written.length });
  const bias = floatConstant(first.input(2));
  const least = leastFactors(before, bias);
  const factors = written.map((r1, i) => {
    const factor = Math.sqrt(r1 / (read[i] ?? 0));
    return Number.isFinite(factor) && factor > 0 ? Math.max(factor, least[i] ?? 0) : 1;
  });
  const divisors = factors.map((factor) => 1 / factor);
  replaceConstant(first, 1, multipliedAlong(before, 0, divisors));
  if (bias !== null) replaceConstant(first, 2, multipliedAlong(bias, 0, divisors));
  replaceConstant(second, 1, { dims: behind.dims, data: scaledInputs(behind, { groups, factors }) });
  return factors.reduce((most, factor) => Math.max(most, factor, 1 / factor), 1);
}

/**
 * Channels of next to no weights but with a bias must not be blown up until they are larger than all others: their
 * bias stays within the largest output that inputs of size 1 make.
 */
function leastFactors(weight: FloatArray, bias: FloatArray | null): Float64Array {
  const channels = weight.dims[0] ?? 1;
  const perChannel = weight.data.length / channels;
  const outputs = Float64Array.from({ length: channels }, (_, c) =>
    weight.data
      .subarray(c * perChannel, (c + 1) * perChannel)
      .reduce((sum, x) => sum + Math.abs(x), Math.abs(bias?.data[c] ?? 0)),
  );
  const largest = outputs.reduce((most, size) => Math.max(most, size), 0);
  return outputs.map((_, c) => Math.abs(bias?.data[c] ?? 0) / largest);
}

/** For each weight of `[outputs, inputs / groups, ...]` the input channel that it reads. */
function channelOf({ dims }: FloatArray, groups: number): (index: number) => number {
  const [outputs = 1, inputs = 1] = dims;
  const inner = dims.slice(2).reduce((product, dim) => product * dim, 1);
  return (index) => {
    const row = Math.floor(index / (inputs * inner));
    return Math.floor(row / (outputs / groups)) * inputs + (Math.floor(index / inner) % inputs);
  };
}

function readMaxima(
  weight: FloatArray,
  { groups, channels }: { readonly groups: number; readonly channels: number },
): Float64Array {
  const channel = channelOf(weight, groups);
  const maxima = new Float64Array(channels);
  for (const [i, x] of weight.data.entries()) {
    const at = channel(i);
    if (Math.abs(x) > (maxima[at] ?? 0)) maxima[at] = Math.abs(x);
  }
  return maxima;
}

function scaledInputs(
  weight: FloatArray,
  { groups, factors }: { readonly groups: number; readonly factors: Float64Array },
): Float32Array {
  const channel = channelOf(weight, groups);
  return weight.data.map((x, i) => x * (factors[channel(i)] ?? 1));
}
