import type { EvaluateResult, OutputCloseness } from '../evaluate/evaluate-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { columnsOf, type RowColumn } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import type { Column } from './grid.ts';
import { moreText } from './more-text.ts';
import { shortName } from './short-name.ts';
import { formatNumber } from './units.ts';
import type { View } from './view.ts';

export interface ClosenessGrid {
  readonly columns: readonly Column[];
  /** What was left out; null when nothing was. */
  readonly more: string | null;
}

/** A line for each output, the farthest from its reference first; null when nothing was compared. */
export function closenessGrid(
  { closeness }: Pick<EvaluateResult, 'closeness'>,
  { top, details }: View,
): ClosenessGrid | null {
  if (closeness.length === 0) return null;
  const sorted = closeness.toSorted((a, b) => nearness(a) - nearness(b));
  const shown = details ? sorted : sorted.slice(0, top);
  return {
    columns: columnsOf(
      shown,
      columns.filter(([, , text]) => shown.some((output) => text(output) !== '')),
    ),
    more: moreText({ of: sorted.length, shown: shown.length, noun: 'output' }),
  };
}

/** Outputs that are not finite first, floats by SQNR, then those that are no floats, and exact ones last. */
function nearness({ exact, sqnrDb, equalElements }: OutputCloseness): number {
  if (exact) return Infinity;
  return sqnrDb?.value ?? (equalElements === null ? -Infinity : beyondDb + equalElements.value);
}

/** More than any SQNR of two doubles that differ. */
const beyondDb = 10_000;

const columns: readonly RowColumn<OutputCloseness>[] = [
  ['output', 'left', ({ output }) => shortName(output)],
  [
    'SQNR',
    'left',
    ({ exact, sqnrDb, equalElements }) => (exact ? 'exact' : equalElements === null ? estimateText(sqnrDb, 'dB') : ''),
  ],
  ['argmax agreement', 'left', ({ argmaxAgreement }) => share(argmaxAgreement)],
  ['equal elements', 'left', ({ equalElements }) => share(equalElements)],
  ['cosine', 'right', ({ exact, cosine }) => (exact || cosine === null ? '' : cosine.value.toFixed(6)), 2],
  ['max abs', 'right', ({ exact, maxAbs }) => (exact || maxAbs === null ? '' : formatNumber(maxAbs)), 1],
  ['max rel', 'right', ({ exact, maxRel }) => (exact || maxRel === null ? '' : formatNumber(maxRel)), 3],
  ['KL (nats)', 'right', ({ exact, kl }) => (exact || kl === null ? '' : formatNumber(kl.value)), 2],
];

/** A figure that makes no sense for an output leaves its place empty. */
function share(estimate: Estimate | null): string {
  return estimate === null ? '' : estimateText(estimate, 'percent');
}
