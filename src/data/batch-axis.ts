import { UsageError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { batchRank, findDimension, isAnonymous, meaningOf, symbolicDimensions } from './dimension-names.ts';

/** Where a model takes several items at once. */
export type BatchAxis =
  | {
      readonly kind: 'symbolic';
      readonly dimension: string;
      /** Further dimensions that must have the same size, such as those of other inputs whose axes have no name. */
      readonly also: readonly string[];
    }
  /** Every input's first axis has this fixed length. */
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'none' };

/** All that the batch is found by; saved results tell no more of inputs. */
type Shaped = Pick<ValueSignature, 'name' | 'shape'>;

/**
 * Finds the batch axis: the dimension the user names, else one named like a batch, else the symbolic first axis that
 * the inputs share, else equal fixed first axes. Scalars do not count.
 * @param batchDimension a dimension's name or `INPUT#AXIS`
 * @throws UsageError `unknown-dimension`
 */
export function findBatchAxis(inputs: readonly Shaped[], batchDimension?: string): BatchAxis {
  const guess = guessBatchAxis(inputs.filter((input) => input.shape.length > 0));
  if (batchDimension === undefined) return guess;
  const dimension = findDimension(inputs, batchDimension);
  if (dimension === null) {
    throw new UsageError('unknown-dimension', { dimension: batchDimension, known: symbolicDimensions(inputs) });
  }
  const group = guess.kind === 'symbolic' ? [guess.dimension, ...guess.also] : [];
  const also = group.includes(dimension) ? group.filter((other) => other !== dimension) : [];
  return { kind: 'symbolic', dimension, also };
}

/** Which axis of this input is the batch; null when it has none. */
export function batchAxisOf(input: ValueSignature, batchAxis: BatchAxis): number | null {
  if (batchAxis.kind === 'none') return null;
  if (batchAxis.kind === 'fixed') return input.shape.length > 0 ? 0 : null;
  const names = new Set([batchAxis.dimension, ...batchAxis.also]);
  const axis = input.shape.findIndex((dimension) => typeof dimension === 'string' && names.has(dimension));
  return axis === -1 ? null : axis;
}

function guessBatchAxis(inputs: readonly Shaped[]): BatchAxis {
  return byName(inputs) ?? byMissingNames(inputs) ?? bySharedFirstAxis(inputs) ?? byFixedFirstAxis(inputs);
}

function byName(inputs: readonly Shaped[]): BatchAxis | null {
  const ranked = symbolicDimensions(inputs)
    .map((dimension) => ({ dimension, rank: batchRank(dimension) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((first, second) => (first.rank ?? 0) - (second.rank ?? 0));
  const [best, ...others] = ranked.map(({ dimension }) => dimension);
  if (best === undefined) return null;
  const also = others.filter((dimension) => /batch/i.test(dimension));
  // `n` is a batch only in first place; elsewhere it counts something else.
  if (!/b/i.test(best) && !inputs.some((input) => input.shape[0] === best)) return null;
  return { kind: 'symbolic', dimension: best, also };
}

/** Axes without names cannot be shared: all of them are the batch where every input has one, as first axis or as an RNN state's. */
function byMissingNames(inputs: readonly Shaped[]): BatchAxis | null {
  const axes = inputs.map(({ shape }) => {
    const [first, second, third] = shape;
    const isState = shape.length === 3 && typeof first === 'number' && typeof third === 'number';
    return isState ? second : first;
  });
  if (!axes.every((axis) => typeof axis === 'string' && isAnonymous(axis))) return null;
  if (!inputs.some(({ shape }) => typeof shape[0] === 'string')) return null;
  const [dimension, ...also] = new Set(axes.filter((axis) => typeof axis === 'string'));
  return dimension === undefined ? null : { kind: 'symbolic', dimension, also };
}

function bySharedFirstAxis(inputs: readonly Shaped[]): BatchAxis | null {
  const firsts = new Set(inputs.map(({ shape }) => shape[0]).filter((axis) => typeof axis === 'string'));
  const [dimension, ...others] = firsts;
  if (dimension === undefined || others.length > 0 || meaningOf(dimension) !== 'unknown') return null;
  return { kind: 'symbolic', dimension, also: [] };
}

function byFixedFirstAxis(inputs: readonly Shaped[]): BatchAxis {
  const [size, ...others] = new Set(inputs.map(({ shape }) => shape[0]));
  if (typeof size !== 'number' || others.length > 0) return { kind: 'none' };
  // [3, height, width] is one picture, not three items.
  const isPicture = size === 3 && inputs.every(({ shape }) => shape.length === 3);
  return isPicture ? { kind: 'none' } : { kind: 'fixed', size };
}
