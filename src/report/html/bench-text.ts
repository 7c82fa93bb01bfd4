import type { LabeledPoint } from '../bench-factors.ts';
import { pointName, splitFactors } from '../bench-factors.ts';
import { formatNumber } from '../units.ts';
import type { Measure } from './bench-curves.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { Figure } from './figure.ts';
import { tradeOffFigure } from './trade-off.ts';

/** What is drawn of models that write text. */
export const textMeasures: readonly Measure[] = [
  {
    title: 'Time to first token',
    axis: 'TTFT ms',
    caption: 'From the start of a request until its first token: reading the prompt.',
    read: ({ point }) => point.tokens?.ttftMs ?? null,
    format: formatNumber,
  },
  {
    title: 'Time per output token',
    axis: 'TPOT ms',
    caption: 'From one token to the next, on average over a request.',
    read: ({ point }) => point.tokens?.tpotMs ?? null,
    format: formatNumber,
  },
  {
    title: 'Prefill',
    axis: 'prompt tokens/s',
    caption: 'Tokens of prompts over the time to the first token, all sequences and instances together.',
    read: ({ point }) => point.tokens?.prefillTokensPerSecond ?? null,
    format: formatNumber,
  },
  {
    title: 'Decode',
    axis: 'tokens/s',
    caption: 'Tokens after the first over the time after the first, all sequences and instances together.',
    read: ({ point }) => point.tokens?.decodeTokensPerSecond ?? null,
    format: formatNumber,
  },
];

/** What one user waits for a token against what all get. */
export function textTradeOff(rows: readonly LabeledPoint[]): Figure | null {
  const factors = splitFactors(rows);
  const points = rows.flatMap((row) => {
    const { tokens } = row.point;
    if (tokens === undefined) return [];
    return [{ name: pointName(row, factors), x: tokens.decodeTokensPerSecond, y: tokens.tpotMs, isChosen: false }];
  });
  if (points.length < 3) return null;
  return tradeOffFigure({
    title: 'Time per token against all tokens',
    points,
    x: { title: 'tokens/s', format: formatNumber, tick: formatTick, fromZero: true, better: 'more' },
    y: { title: 'TPOT ms', format: formatNumber, tick: formatTick, fromZero: true, better: 'less' },
    chosen: '',
  });
}
