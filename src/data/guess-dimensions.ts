import { meaningOf, sumTerms } from './dimension-names.ts';
import type { DimensionBindings } from './dimension-bindings.ts';

/** Long enough to be work and short enough for every model: what most latency figures for text models are given at. */
const guessedSequence = 128;
/** A cache that is still empty: the first pass over a prompt. */
const guessedPast = 0;

/** A dimension nobody gave a size, and the size it was given. */
export interface GuessedDimension {
  readonly dimension: string;
  readonly value: number;
}

/**
 * Sizes for dimensions whose name tells what they are: sequences 128, a past 0, a total of both their sum. Bound ones
 * stay; those that a name says nothing about stay unbound.
 */
export function guessDimensions(dimensions: readonly string[], bindings: DimensionBindings): GuessedDimension[] {
  const guessed: GuessedDimension[] = [];
  const guess = (dimension: string, value: number): void => {
    bindings.bind(dimension, value);
    guessed.push({ dimension, value });
  };
  const unbound = dimensions.filter((dimension) => bindings.get(dimension) === undefined);
  for (const dimension of unbound) {
    const meaning = meaningOf(dimension);
    if (meaning === 'past') guess(dimension, guessedPast);
    if (meaning === 'sequence') guess(dimension, guessedSequence);
  }
  // Last, for it is the sum of the others: no guess of its own.
  for (const dimension of unbound) {
    if (meaningOf(dimension) === 'total') bindings.bind(dimension, totalSize(dimension, { dimensions, bindings }));
  }
  return guessed;
}

interface Known {
  readonly dimensions: readonly string[];
  readonly bindings: DimensionBindings;
}

function totalSize(dimension: string, known: Known): number {
  const { dimensions, bindings } = known;
  const sizeOf = (meaning: 'past' | 'sequence'): number | undefined => {
    const named = dimensions.filter((name) => meaningOf(name) === meaning && !/encoder_seq/i.test(name));
    const own = named.find((name) => /decoder/i.test(name)) ?? named[0];
    return own === undefined ? undefined : bindings.get(own);
  };
  const terms = sumTerms(dimension);
  if (!terms) return (sizeOf('past') ?? 0) + (sizeOf('sequence') ?? 1);
  // Exporters write `past + 1` for a mask over the past and the tokens given, of which there may be more than one.
  const sizes = terms.map((term) =>
    /^\d+$/.test(term) ? (sizeOf('sequence') ?? Number(term)) : (bindings.get(term) ?? termSize(term, sizeOf)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function termSize(term: string, sizeOf: (meaning: 'past' | 'sequence') => number | undefined): number {
  return meaningOf(term) === 'past' ? (sizeOf('past') ?? guessedPast) : (sizeOf('sequence') ?? guessedSequence);
}
