import type { ProfileResult, ProfileSubject } from '../profile/profile-result.ts';
import { columnsOf } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import { intervalText } from './interval-digits.ts';
import { modelLabels } from './model-labels.ts';
import { moreText } from './more-text.ts';
import { subjectFacts } from './profile-facts.ts';
import type { Block, Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatPercent, formatRatio, inUnit, timeUnitFor } from './units.ts';
import type { TimeUnit } from './units.ts';
import type { View } from './view.ts';

export type Compared = NonNullable<ProfileResult['compared']>;

/** What tells the two apart: their providers, or their models. */
export function subjectLabels(result: ProfileResult, { subject }: Compared): readonly [string, string] {
  if (result.ep !== subject.ep) return [result.ep, subject.ep];
  const [own = '', other = ''] = modelLabels([result.model.path, subject.model.path]);
  return [own, other];
}

/** The other subject beside the first: operators, and the nodes that differ most. */
export function comparedSections(result: ProfileResult, { top, details }: View): readonly Section[] {
  const { compared } = result;
  if (compared === null) return [];
  const labels = subjectLabels(result, compared);
  const rows = { result, compared, labels, most: details ? Infinity : top };
  const blocks: readonly Block[] = [factsBlock(rows), ...operatorsBlock(rows), ...pairsBlock(rows)];
  return [{ title: `Compared with ${shortName(labels[1])}`, blocks }];
}

interface Rows {
  readonly result: ProfileResult;
  readonly compared: Compared;
  readonly labels: readonly [string, string];
  readonly most: number;
}

function factsBlock({ result, compared }: Rows): Block {
  const { subject, ratio, matched } = compared;
  const times = `${intervalText(result.latencyMs)} ms against ${intervalText(subject.latencyMs)} ms`;
  const facts = [
    { label: 'Latency', text: `${times}: ${estimateText(ratio, 'ratio')}` },
    { label: 'Paired', text: `${formatPercent(matched)} of the nodes of both` },
    ...subjectFacts(subject),
  ];
  return { kind: 'facts', facts };
}

interface Row {
  readonly names: readonly string[];
  /** Null where the side has none. */
  readonly ms: number | null;
  readonly otherMs: number | null;
}

function operatorsBlock({ result, compared: { subject }, labels, most }: Rows): readonly Block[] {
  const ops = [...new Set([...result.operators, ...subject.operators].map(({ op }) => op))];
  const rows = ops.map((op): Row => ({ names: [op], ms: timeOf(result, op), otherMs: timeOf(subject, op) }));
  return gridOf(rows, { headers: ['operator'], labels, most, noun: 'operator' });
}

function timeOf({ operators }: ProfileSubject, op: string): number | null {
  return operators.find((row) => row.op === op)?.timeMs.value ?? null;
}

function pairsBlock({ result, compared: { subject, pairs }, labels, most }: Rows): readonly Block[] {
  const rows = pairs.flatMap(({ first, other, timeMs, otherMs }): Row[] => {
    if (timeMs === 0 && otherMs === 0) return [];
    const [own, theirs] = [result.nodes[first ?? -1], subject.nodes[other ?? -1]];
    const [name = '', op = ''] = [own?.name ?? theirs?.name, own?.op ?? theirs?.op];
    const names = [name, op, theirs === undefined || theirs.op === op ? '' : theirs.op];
    return [{ names, ms: first === null ? null : timeMs, otherMs: other === null ? null : otherMs }];
  });
  const headers = ['node', 'operator', ...(rows.some(({ names: [, , differs] }) => differs !== '') ? ['or'] : [])];
  return gridOf(rows, { headers, labels, most, noun: 'node' });
}

interface Grid {
  /** Of the names; as many of each row are shown. */
  readonly headers: readonly string[];
  readonly labels: readonly [string, string];
  readonly most: number;
  readonly noun: string;
}

/** What differs most first. */
function gridOf(rows: readonly Row[], { headers, labels, most, noun }: Grid): readonly Block[] {
  const sorted = rows.toSorted((a, b) => Math.abs(differenceOf(b)) - Math.abs(differenceOf(a)));
  const shown = sorted.slice(0, most);
  if (shown.length === 0) return [];
  const unit = timeUnitFor(shown.flatMap(({ ms, otherMs }) => [ms ?? 0, otherMs ?? 0]));
  const [own, other] = labels.map((label) => `${shortName(label, 24)} ${unit}`);
  const columns = columnsOf(shown, [
    ...headers.map((header, at) => [header, 'left', ({ names }: Row) => shortName(names[at] ?? '', 36)] as const),
    [own ?? '', 'right', ({ ms }) => timeText(ms, unit)],
    [other ?? '', 'right', ({ otherMs }) => timeText(otherMs, unit)],
    ['difference', 'right', (row) => differenceText(row, unit)],
    ['ratio', 'right', ratioText, 1],
  ]);
  return [{ kind: 'grid', columns, more: moreText({ of: rows.length, shown: shown.length, noun }) }];
}

function differenceOf({ ms, otherMs }: Row): number {
  return (ms ?? 0) - (otherMs ?? 0);
}

function timeText(ms: number | null, unit: TimeUnit): string {
  return ms === null ? '-' : inUnit(ms, unit);
}

function differenceText(row: Row, unit: TimeUnit): string {
  const difference = differenceOf(row);
  const size = inUnit(Math.abs(difference), unit);
  return difference === 0 ? size : `${difference < 0 ? '−' : '+'}${size}`;
}

/** A time over nothing is no ratio. */
function ratioText({ ms, otherMs }: Row): string {
  return ms === null || otherMs === null || ms === 0 || otherMs === 0 ? '' : formatRatio(ms / otherMs);
}
