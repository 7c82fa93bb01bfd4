import type { Candidate, QuantizeResult } from '../quantize/quantize-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import { dropName, dropUnit } from './evaluate-verdict.ts';
import type { Column } from './grid.ts';
import { describeFinding } from './messages/message.ts';
import { ratioText } from './quantize-headline.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatPercent, formatWhole, inUnit, timeUnitFor } from './units.ts';

/** A candidate, or the original that they are held against. */
type Row = Pick<Candidate, 'name' | 'sizeBytes'> & {
  readonly latencyMs: number | null;
  /** Null for the original. */
  readonly candidate: Candidate | null;
};

/** What was tried: latency, size and closeness of each, the best of them marked. */
export function candidatesSection(result: QuantizeResult): readonly Section[] {
  const { candidates } = result;
  if (candidates.length === 0) return [];
  const rows: readonly Row[] = [original(result), ...candidates.map(rowOf)];
  const failures = candidates.flatMap((candidate) => failureFacts(candidate, result));
  return [
    {
      title: 'Candidates',
      blocks: [
        { kind: 'grid', columns: candidateColumns(rows, result), more: null },
        ...(failures.length === 0 ? [] : [{ kind: 'facts', facts: failures } as const]),
      ],
    },
  ];
}

function original({ size, speedup }: QuantizeResult): Row {
  const latencyMs = speedup?.beforeMs.value ?? null;
  return { name: 'the original', sizeBytes: size.beforeBytes, latencyMs, candidate: null };
}

function rowOf(candidate: Candidate): Row {
  const { name, sizeBytes, latencyMs } = candidate;
  return { name, sizeBytes, latencyMs: latencyMs?.value ?? null, candidate };
}

function candidateColumns(rows: readonly Row[], result: QuantizeResult): readonly Column[] {
  const unit = timeUnitFor(rows.flatMap(({ latencyMs }) => latencyMs ?? []));
  const all: readonly RowColumn<Row>[] = [
    ['candidate', 'left', ({ name }) => shortName(name)],
    ['nodes', 'right', ({ candidate }) => (candidate === null ? '' : formatWhole(candidate.quantizedNodes)), 3],
    [`p50 ${unit}`, 'right', ({ latencyMs }) => (latencyMs === null ? '-' : inUnit(latencyMs, unit))],
    ['speed-up', 'right', ofCandidate(({ speedup }) => (speedup === null ? '-' : ratioText(speedup)))],
    ['size', 'right', (row) => (row.candidate?.failure == null ? formatBytes(row.sizeBytes) : '-')],
    ['of before', 'right', ofCandidate((candidate) => shareText(candidate, result)), 2],
    ['SQNR', 'right', ofCandidate(({ sqnrDb }) => (sqnrDb === null ? '-' : `${sqnrDb.toFixed(1)} dB`)), 1],
    [dropHeader(result), 'right', ofCandidate((candidate) => dropCell(candidate, result))],
    ['', 'left', ofCandidate(markText)],
  ];
  // Without data there is no drop, without a bench no latency.
  const isTold = ([, , text]: RowColumn<Row>) => rows.some((row) => !['', '-'].includes(text(row)));
  return columnsOf(rows, all.filter(isTold));
}

function ofCandidate(text: (candidate: Candidate) => string): (row: Row) => string {
  return ({ candidate }) => (candidate === null ? '' : text(candidate));
}

function shareText({ sizeBytes, failure }: Candidate, { size }: QuantizeResult): string {
  return failure !== null || size.beforeBytes === 0 ? '-' : formatPercent(sizeBytes / size.beforeBytes);
}

function dropHeader({ evaluation: { drop } }: QuantizeResult): string {
  return drop === null ? 'drop' : dropName(drop);
}

function dropCell({ drop }: Candidate, { evaluation }: QuantizeResult): string {
  if (drop === null) return '-';
  const unit = evaluation.drop === null ? 'plain' : dropUnit(evaluation.drop);
  return estimateText({ value: drop, low: null, high: null }, unit);
}

function markText({ failure, pareto, chosen }: Candidate): string {
  if (failure !== null) return 'failed';
  return [...(chosen ? ['chosen'] : []), ...(pareto ? ['Pareto'] : [])].join(', ');
}

/** Why a candidate failed, unless a warning says so already. */
function failureFacts({ name, failure }: Candidate, { warnings }: QuantizeResult) {
  const isTold = warnings.some(({ code, details }) => code === 'candidate-failed' && details['candidate'] === name);
  return failure === null || isTold ? [] : [{ label: shortName(name), text: describeFinding(failure) }];
}
