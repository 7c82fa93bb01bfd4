import type { ArrivalPattern, AskedRate } from '../commands/bench-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { FlagText } from './value-syntax.ts';

const secondsPer: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, m: 60, min: 60, h: 3600, hour: 3600 };
const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 };

/** `50/s`, `50`, `3k/min`, `0.8x` or `80%` of the closed loop's throughput, `max`; several between commas. */
export function parseRates({ flag, text }: FlagText): readonly AskedRate[] {
  return text.split(',').map((part) => parseRate({ flag, text: part.trim() }));
}

function parseRate({ flag, text }: FlagText): AskedRate {
  if (text === 'max') return { kind: 'max' };
  const share = /^(\d+(?:\.\d+)?|\.\d+)\s*(x|%)$/i.exec(text);
  if (share !== null) {
    const value = Number(share[1]) / (share[2] === '%' ? 100 : 1);
    if (value > 0) return { kind: 'share', share: value };
  }
  const rate = /^(\d+(?:\.\d+)?|\.\d+)\s*([km]?)(?:\s*\/\s*([a-z]+))?$/i.exec(text);
  const perSecond =
    (Number(rate?.[1] ?? 0) * (factors[(rate?.[2] ?? '').toLowerCase()] ?? 0)) /
    (secondsPer[(rate?.[3] ?? 's').toLowerCase()] ?? Infinity);
  if (perSecond > 0) return { kind: 'rate', perSecond };
  const expected = 'a rate such as 50/s, a share of the closed loop’s throughput such as 0.8x, or max';
  throw new UsageError('bad-value', { flag, value: text, expected });
}

/** `poisson`, `constant`, `gamma:CV` or the path of a CSV file with times of arrival. */
export type LoadArrivalsText =
  | { readonly pattern: Exclude<ArrivalPattern, { kind: 'trace' }>; readonly name: string }
  | { readonly path: string };

export function parseLoadArrivals({ flag, text }: FlagText): LoadArrivalsText {
  const name = text.trim();
  if (name === 'poisson') return { pattern: { kind: 'poisson' }, name };
  if (name === 'constant') return { pattern: { kind: 'gamma', variation: 0 }, name };
  const [, variation] = /^gamma:(\d+(?:\.\d+)?|\.\d+)$/i.exec(name) ?? [];
  if (Number(variation) > 0)
    return { pattern: { kind: 'gamma', variation: Number(variation) }, name: `gamma:${Number(variation)}` };
  if (/\.(csv|txt|tsv)$/i.test(name)) return { path: name };
  const expected =
    'poisson, constant, gamma:CV with a coefficient of variation such as gamma:2, or the path of a .csv file';
  throw new UsageError('bad-value', { flag, value: text, expected });
}
