import type { PruneCandidate } from '../prune/prune-result.ts';
import type { Candidate } from '../quantize/quantize-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import { dropName, dropUnit } from './evaluate-verdict.ts';
import type { Column } from './grid.ts';
import { ratioText } from './judged-texts.ts';
import type { JudgedResult } from './judged-texts.ts';
import { describeFinding } from './messages/message.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatPercent, inUnit, timeUnitFor } from './units.ts';

/** A candidate, or the original that they are held against. */
interface Row<C> {
  readonly name: string;
  readonly sizeBytes: number;
  readonly latencyMs: number | null;
  /** Null for the original. */
  readonly candidate: C | null;
}

/** A column about candidates alone. */
export type CandidateColumn<C> = readonly [
  header: string,
  align: Column['align'],
  text: (candidate: C) => string,
  dropOrder?: number,
];

type JudgedCandidate = Candidate | PruneCandidate;

type Judged = Pick<JudgedResult, 'speedup' | 'evaluation' | 'warnings'>;

/** What was tried, and how. */
export interface Trials<C> {
  readonly candidates: readonly C[];
  readonly result: Judged;
  /** Of the original. */
  readonly beforeBytes: number;
  /** What only this command tells of its candidates. */
  readonly own: readonly CandidateColumn<C>[];
}

/** What was tried: latency, size and closeness of each, the best of them marked. */
export function candidatesSection<C extends JudgedCandidate>(trials: Trials<C>): readonly Section[] {
  const { candidates, result } = trials;
  if (candidates.length === 0) return [];
  const rows: readonly Row<C>[] = [original(trials), ...candidates.map((candidate) => rowOf(candidate))];
  const failures = candidates.flatMap((candidate) => failureFacts(candidate, result));
  return [
    {
      title: 'Candidates',
      blocks: [
        { kind: 'grid', columns: candidateColumns(rows, trials), more: null },
        ...(failures.length === 0 ? [] : [{ kind: 'facts', facts: failures } as const]),
      ],
    },
  ];
}

function original<C>({ beforeBytes, result: { speedup } }: Trials<C>): Row<C> {
  return {
    name: 'the original',
    sizeBytes: beforeBytes,
    latencyMs: speedup?.beforeMs.value ?? null,
    candidate: null,
  };
}

function rowOf<C extends JudgedCandidate>(candidate: C): Row<C> {
  const { name, sizeBytes, latencyMs } = candidate;
  return { name, sizeBytes, latencyMs: latencyMs?.value ?? null, candidate };
}

function candidateColumns<C extends JudgedCandidate>(
  rows: readonly Row<C>[],
  { result, own, beforeBytes }: Trials<C>,
): readonly Column[] {
  const unit = timeUnitFor(rows.flatMap(({ latencyMs }) => latencyMs ?? []));
  const all: readonly RowColumn<Row<C>>[] = [
    ['candidate', 'left', ({ name }) => shortName(name)],
    ...own.map(([header, align, text, drop]): RowColumn<Row<C>> => [header, align, ofCandidate(text), drop ?? 0]),
    [`p50 ${unit}`, 'right', ({ latencyMs }) => (latencyMs === null ? '-' : inUnit(latencyMs, unit))],
    ['speed-up', 'right', ofCandidate(({ speedup }) => (speedup === null ? '-' : ratioText(speedup)))],
    ['size', 'right', (row) => (row.candidate?.failure == null ? formatBytes(row.sizeBytes) : '-')],
    ['of before', 'right', ofCandidate((candidate) => shareText(candidate, beforeBytes)), 2],
    ['SQNR', 'right', ofCandidate(({ sqnrDb }) => (sqnrDb === null ? '-' : `${sqnrDb.toFixed(1)} dB`)), 1],
    [dropHeader(result), 'right', ofCandidate((candidate) => dropCell(candidate, result))],
    ['', 'left', ofCandidate(markText)],
  ];
  // Without data there is no drop, without a bench no latency.
  const isTold = ([, , text]: RowColumn<Row<C>>) => rows.some((row) => !['', '-'].includes(text(row)));
  return columnsOf(rows, all.filter(isTold));
}

function ofCandidate<C>(text: (candidate: C) => string): (row: Row<C>) => string {
  return ({ candidate }) => (candidate === null ? '' : text(candidate));
}

function shareText({ sizeBytes, failure }: JudgedCandidate, beforeBytes: number): string {
  return failure !== null || beforeBytes === 0 ? '-' : formatPercent(sizeBytes / beforeBytes);
}

function dropHeader({ evaluation: { drop } }: Judged): string {
  return drop === null ? 'drop' : dropName(drop);
}

function dropCell({ drop }: JudgedCandidate, { evaluation }: Judged): string {
  if (drop === null) return '-';
  const unit = evaluation.drop === null ? 'plain' : dropUnit(evaluation.drop);
  return estimateText({ value: drop, low: null, high: null }, unit);
}

function markText({ failure, pareto, chosen }: JudgedCandidate): string {
  if (failure !== null) return 'failed';
  return [...(chosen ? ['chosen'] : []), ...(pareto ? ['Pareto'] : [])].join(', ');
}

/** Why a candidate failed, unless a warning says so already. */
function failureFacts({ name, failure }: JudgedCandidate, { warnings }: Judged) {
  const isTold = warnings.some(({ code, details }) => code === 'candidate-failed' && details['candidate'] === name);
  return failure === null || isTold ? [] : [{ label: shortName(name), text: describeFinding(failure) }];
}
