import type { ValueSignature } from '../onnx/signature.ts';

/** What a symbolic dimension's name says it is. Exporters agree on little else than these words. */
export type DimensionMeaning = 'batch' | 'past' | 'total' | 'sequence' | 'spatial' | 'unknown';

/** Names that mean the batch, the surest first. A bare `n` may be anything and counts only where nothing better is. */
const batchNames = [/^batch_?size$|^batch$/i, /^bs$/i, /^num_?batch(es)?$/i, /^batch/i, /batch/i, /^n$/i];

/** How sure a name means the batch: 0 is surest, null not at all. */
export function batchRank(dimension: string): number | null {
  if (sumTerms(dimension) || /[*/]/.test(dimension)) return null;
  const rank = batchNames.findIndex((pattern) => pattern.test(dimension));
  return rank === -1 ? null : rank;
}

export function meaningOf(dimension: string): DimensionMeaning {
  if (sumTerms(dimension)) return 'total';
  if (/[*/]/.test(dimension)) return 'unknown';
  if (batchRank(dimension) !== null) return 'batch';
  if (/total|^attention_mask/i.test(dimension)) return 'total';
  if (/past/i.test(dimension)) return 'past';
  const words = dimension.split(/[^a-z0-9]+/i);
  if (words.some((word) => /^(seq.*|time|timesteps?|t|tokens?|frames?|len|length)$/i.test(word))) return 'sequence';
  return words.some((word) => /^(h|w|height|width|channels?)$/i.test(word)) ? 'spatial' : 'unknown';
}

/** The terms of a sum such as `past_sequence_length + 1`; null for a plain name. */
export function sumTerms(dimension: string): readonly string[] | null {
  const terms = dimension.split('+').map((term) => term.trim());
  return terms.length > 1 && terms.every((term) => /^\w+$/.test(term)) ? terms : null;
}

/** Whether the name was made up by an exporter (tf2onnx, Paddle) or by us, for an axis without one. */
export function isAnonymous(dimension: string): boolean {
  return /#\d+$|^unk_|^p2o\.DynamicDimension|^dynamic_axes_/i.test(dimension);
}

type Shaped = Pick<ValueSignature, 'name' | 'shape'>;

/** The symbolic dimensions of all inputs, each once, in order. */
export function symbolicDimensions(inputs: readonly Shaped[]): readonly string[] {
  return [...new Set(inputs.flatMap((input) => input.shape.filter((axis) => typeof axis === 'string')))];
}

/** The dimension a user means by its name or by `INPUT#AXIS`; null when there is none. */
export function findDimension(inputs: readonly Shaped[], text: string): string | null {
  if (symbolicDimensions(inputs).includes(text)) return text;
  const [, name, digits] = /^(.*)#(\d+)$/s.exec(text) ?? [];
  const axis = inputs.find((input) => input.name === name)?.shape[Number(digits)];
  return typeof axis === 'string' ? axis : null;
}
