import { largerIsWorse, metricUnits } from '../commands/gate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { GateMetric } from '../gate/gate-vocabulary.ts';
import type { FlagText } from './value-syntax.ts';

/** A figure, or what should have been written in its place. */
export type Read = { readonly value: number } | { readonly expected: string };

interface Unit {
  /** Factors by suffix; '' where a bare number is clear enough. */
  readonly factors: Readonly<Record<string, number>>;
  /** With an example. */
  readonly name: string;
  /** Nothing can be below it. */
  readonly isPositive: boolean;
}

const units: Readonly<Record<(typeof metricUnits)[GateMetric], Unit>> = {
  // A bare number is seconds in other places, and would be taken for milliseconds here.
  ms: { factors: { us: 1e-3, µs: 1e-3, ms: 1, s: 1000 }, name: 'a time such as 20ms', isPositive: true },
  bytes: {
    factors: { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 },
    name: 'a size such as 10MB or 10MiB',
    isPositive: true,
  },
  'per-second': { factors: { '': 1, '/s': 1 }, name: 'a rate such as 100/s', isPositive: true },
  count: { factors: { '': 1, k: 1e3, m: 1e6, g: 1e9 }, name: 'a number such as 12 or 5M', isPositive: false },
  share: { factors: {}, name: 'a figure: it has none', isPositive: false },
};

function figureOf(metric: GateMetric, text: string): number | null {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(\S*)$/.exec(text.trim());
  const factor = units[metricUnits[metric]].factors[(match?.[2] ?? '').toLowerCase()];
  return match === null || factor === undefined ? null : Number(match[1]) * factor;
}

/** Changes up to it are none: `0.05ms`, `64KiB`, in the metric's unit. */
export function readFloor(metric: GateMetric, text: string): Read {
  const value = figureOf(metric, text);
  return value === null ? { expected: units[metricUnits[metric]].name } : { value };
}

/** `<= 20ms`, `p99 <= 20ms` or `20ms` for what should be small, `>= 100/s` for throughput. */
export function readBudget(metric: GateMetric, text: string): Read {
  const [, named, sign, rest = ''] = /^(?:([a-z][\w-]*)\s*(?=<=|>=|≤|≥))?(<=|>=|≤|≥)?(.*)$/i.exec(text.trim()) ?? [];
  const { name, isPositive } = units[metricUnits[metric]];
  const isUpper = largerIsWorse(metric);
  const example = `${isUpper ? '<=' : '>='} ${/such as (\S+)/.exec(name)?.[1]}`;
  if (named !== undefined && named !== metric && `latency-${named}` !== metric)
    return { expected: `a budget of ${metric} such as "${example}"` };
  if (sign !== undefined && /<=|≤/.test(sign) !== isUpper)
    return { expected: `a limit from ${isUpper ? 'above' : 'below'} such as "${example}"` };
  const value = figureOf(metric, rest);
  if (value === null) return { expected: name };
  return isPositive && value === 0 ? { expected: `a budget that can be met: ${name}` } : { value };
}

/** `5%` or `0.05`, and 0 for none. A bare 5 would be 500 %. */
export function readTolerance(text: string): Read {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim());
  const value = Number(match?.[1] ?? Number.NaN) / (match?.[2] === '%' ? 100 : 1);
  if (match === null || (match[2] === '' && value >= 1)) return { expected: 'a share such as 5% or 0.05' };
  return { value };
}

/** The figure. Throws UsageError with what was expected. */
export function figureIn({ flag, text }: FlagText, read: Read): number {
  if ('value' in read) return read.value;
  throw new UsageError('bad-value', { flag, value: text, expected: read.expected });
}

const percentiles: Readonly<Record<string, GateMetric>> = {
  p10: 'latency-p10',
  p50: 'latency-p50',
  p90: 'latency-p90',
  p95: 'latency-p95',
  p99: 'latency-p99',
};

/** `p99=20ms` or `p99<=20ms`. Throws UsageError. */
export function parseLatencyBudget({ flag, text }: FlagText): readonly [metric: GateMetric, budgetMs: number] {
  const [, name = '', rest = ''] = /^(p\d+)\s*(?:=|<=|≤)(.*)$/i.exec(text.trim()) ?? [];
  const metric = percentiles[name.toLowerCase()];
  if (metric === undefined) {
    const expected = `a percentile and a time such as p99=20ms (${Object.keys(percentiles).join(', ')})`;
    throw new UsageError('bad-value', { flag, value: text, expected });
  }
  return [metric, figureIn({ flag, text }, readBudget(metric, rest))];
}
