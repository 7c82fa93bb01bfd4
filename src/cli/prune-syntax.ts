import type { PruneSettings } from '../prune/prune-settings.ts';
import { UsageError } from '../errors.ts';
import { parseSizeLimit } from './limit-syntax.ts';
import type { SizeLimit } from './limit-syntax.ts';
import type { FlagText } from './value-syntax.ts';

/** `0.5` or `50%`: a share REMOVED, above 0 and below 1. Throws UsageError `bad-value`. */
export function parseRemovedShare({ flag, text }: FlagText): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim());
  if (match === null)
    throw new UsageError('bad-value', { flag, value: text, expected: 'a share to remove, such as 0.5 or 50%' });
  const value = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (value > 0 && value < 1) return value;
  const problem = value > 0 ? 'below 1 (nothing would be left)' : 'above 0';
  const expected = `a share to remove ${problem}, such as 0.5 or 50%`;
  throw new UsageError('bad-value', { flag, value: text, expected });
}

/** `0.8` or `80%` of the weights set to 0, or `2:4`: of 4 neighbors 2 are kept. Throws UsageError `bad-value`. */
export function parseSparsity({ flag, text }: FlagText): NonNullable<PruneSettings['sparsity']> {
  if (!text.includes(':')) return { ratio: parseRemovedShare({ flag, text }) };
  const [, kept = '', group = ''] = /^(\d+):(\d+)$/.exec(text.trim()) ?? [];
  const keep = Number(kept);
  const of = Number(group);
  if (keep >= 1 && keep < of) return { keep, of };
  const expected = 'a pattern N:M with 1 <= N < M, such as 2:4 (of 4 neighbors 2 are kept)';
  throw new UsageError('bad-value', { flag, value: text, expected });
}

/** A smaller size than there was, or bytes. Throws UsageError `bad-value`. */
export function parseTargetSize({ flag, text }: FlagText): SizeLimit {
  const limit = parseSizeLimit({ flag, text });
  if ('bytes' in limit || limit.share < 1) return limit;
  const expected = 'a share to keep below 1, such as 0.5x, or a size such as 10MB';
  throw new UsageError('bad-value', { flag, value: text, expected });
}

/** Epochs where `--distill` says none, as in `infer distill`. */
const usualEpochs = 10;

/** `--distill` alone, or with epochs; null where it is not wanted. Throws UsageError `bad-value`. */
export function parseEpochs(flag: string, value: string | boolean | undefined): number | null {
  if (typeof value !== 'string') return value === true ? usualEpochs : null;
  const epochs = /^\d+$/.test(value.trim()) ? Number(value) : 0;
  if (epochs >= 1 && Number.isSafeInteger(epochs)) return epochs;
  // Commander takes the word behind the flag for its value.
  const expected = 'a number of epochs from 1 on; a model comes before --distill';
  throw new UsageError('bad-value', { flag, value, expected });
}
