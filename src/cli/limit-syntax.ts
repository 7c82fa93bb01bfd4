import { UsageError } from '../errors.ts';
import type { FlagText } from './value-syntax.ts';

/** `1.2x`, or a bare `1.2`: a factor above 0. */
export function parseFactor({ flag, text }: FlagText): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*x?$/i.exec(text.trim());
  const value = Number(match?.[1] ?? 0);
  if (!(value > 0)) throw new UsageError('bad-value', { flag, value: text, expected: 'a factor such as 1.2x' });
  return value;
}

/** A share of what there was, or bytes. */
export type SizeLimit = { readonly share: number } | { readonly bytes: number };

const bytesPerUnit: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `0.3x` or `30%` of the size there was (what is KEPT), or `10MB`, `10MiB`. A bare number could be either. */
export function parseSizeLimit({ flag, text }: FlagText): SizeLimit {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(x|%|[kmg]?i?b)$/i.exec(text.trim());
  const value = Number(match?.[1] ?? 0);
  const unit = (match?.[2] ?? '').toLowerCase();
  if (value > 0 && unit === 'x') return { share: value };
  if (value > 0 && unit === '%') return { share: value / 100 };
  const bytes = bytesPerUnit[unit];
  if (!(value > 0) || bytes === undefined)
    throw new UsageError('bad-value', {
      flag,
      value: text,
      expected: 'a share of the size before, such as 0.3x or 30%, or a size such as 10MB or 10MiB',
    });
  return { bytes: Math.floor(value * bytes) };
}

/** `0.6x`, `60%` or a bare `0.6`: a share of what there was, KEPT, above 0 and below 1. */
export function parseKeptShare({ flag, text }: FlagText): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(x|%?)$/i.exec(text.trim());
  const value = Number(match?.[1] ?? 0) / (match?.[2] === '%' ? 100 : 1);
  if (value > 0 && value < 1) return value;
  throw new UsageError('bad-value', { flag, value: text, expected: 'a share to keep below 1, such as 0.6x or 60%' });
}
