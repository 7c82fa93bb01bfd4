import { limitedPercentiles } from '../commands/bench-vocabulary.ts';
import type { LatencyLimit, ListByCores } from '../commands/bench-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { FlagText } from './value-syntax.ts';
import { parseDurationMs, parseList } from './value-syntax.ts';

/** More cores than any machine has: what is no list with so many is none with fewer either. */
const manyCores = 4096;

/** A list in which `N` stands for the usable cores: `1-N`, `1,N`. Throws UsageError at once for what can never be one. */
export function parseCoresList({ flag, text }: FlagText): ListByCores {
  const listFor = (cores: number) => parseList({ flag, text: text.replaceAll(/\bN\b/g, String(cores)) });
  listFor(manyCores);
  return listFor;
}

/** `p99=20ms`, or `20ms` for the 99th percentile. */
export function parseLatencyLimit({ flag, text }: FlagText): LatencyLimit {
  const [, name = 'p99', time = ''] = /^(?:(p\d+)\s*(?:=|<=|≤)\s*)?(.*)$/i.exec(text.trim()) ?? [];
  const percentile = limitedPercentiles.find((known) => known === name.toLowerCase());
  const expected = `a percentile and a time with its unit, such as p99=20ms (${limitedPercentiles.join(', ')})`;
  // A bare number could be meant in ms as well as in seconds.
  if (percentile === undefined || !/[a-z]$/i.test(time))
    throw new UsageError('bad-value', { flag, value: text, expected });
  return { percentile, limitMs: parseDurationMs({ flag, text: time }) };
}
