import { UsageError } from '../errors.ts';
import type { FlagText } from './value-syntax.ts';
import { parseDurationMs } from './value-syntax.ts';

/** `p99=50ms`: the percentile, which may have decimals (`p99.9`), and the limit in ms. */
export function parseObjective({ flag, text }: FlagText): { readonly percentile: number; readonly limitMs: number } {
  const [, number = '', rest = ''] = /^p(\d+(?:\.\d+)?)\s*(?:=|<=|≤)\s*(.*)$/i.exec(text.trim()) ?? [];
  const percentile = Number(number);
  // Below the median nothing is promised; beyond 99.99 nothing that is measured or simulated in minutes tells it.
  if (percentile >= 50 && percentile <= 99.99 && /[a-z]$/i.test(rest))
    return { percentile, limitMs: parseDurationMs({ flag, text: rest }) };
  const expected = 'a percentile from p50 to p99.99 and a time such as p99=50ms';
  throw new UsageError('bad-value', { flag, value: text, expected });
}
