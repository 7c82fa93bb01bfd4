import type { PrunedGroup, PruneResult } from '../prune/prune-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { lockReasonText } from './messages/lock-reasons.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatNumber, formatPercent, formatWhole } from './units.ts';
import type { View } from './view.ts';

const longestName = 32;

/** What goes together: with details every group in its order, else those that can be pruned, the dearest first. */
export function groupsSection({ groups }: PruneResult, { details, top }: View): readonly Section[] {
  const free = groups.filter(({ locks }) => locks.length === 0).toSorted((a, b) => shareOf(b) - shareOf(a));
  const shown = details ? groups : free.slice(0, top);
  if (shown.length === 0) return [];
  const isTold = ([, , text]: RowColumn<PrunedGroup>) => shown.some((group) => !['', '-'].includes(text(group)));
  const more = details ? null : moreText({ of: free.length, shown: shown.length, noun: 'group' });
  return [
    { title: 'Groups', blocks: [{ kind: 'grid', columns: columnsOf(shown, groupColumns.filter(isTold)), more }] },
  ];
}

function shareOf({ macsShare }: PrunedGroup): number {
  return macsShare ?? 0;
}

const groupColumns: readonly RowColumn<PrunedGroup>[] = [
  ['group', 'left', ({ name }) => shortName(name, longestName)],
  ['kind', 'left', ({ kind }) => kind],
  ['width', 'right', widthText],
  ['removed', 'right', removedText, 1],
  ['score out', 'right', ({ scoreRemoved }) => (scoreRemoved === null ? '-' : formatNumber(scoreRemoved)), 3],
  ['score kept', 'right', ({ scoreKept }) => (scoreKept === null ? '-' : formatNumber(scoreKept)), 3],
  ['MACs', 'right', ({ macsShare }) => (macsShare === null ? '-' : formatPercent(macsShare))],
  ['latency', 'right', ({ latencyShare }) => (latencyShare === null ? '-' : formatPercent(latencyShare)), 2],
  ['locked by', 'left', lockText],
];

/** `64 -> 32` */
function widthText({ unitsBefore, unitsAfter }: PrunedGroup): string {
  const before = formatWhole(unitsBefore);
  return unitsAfter === unitsBefore ? before : `${before} -> ${formatWhole(unitsAfter)}`;
}

function removedText({ unitsBefore, unitsAfter }: PrunedGroup): string {
  return unitsAfter === unitsBefore ? '-' : formatPercent((unitsBefore - unitsAfter) / unitsBefore);
}

/** `'logits': an output of the model, which callers read` */
function lockText({ locks }: PrunedGroup): string {
  const [lock] = locks;
  if (lock === undefined) return '';
  const others = new Set(locks.map(({ reason }) => reason)).size - 1;
  const more = others === 0 ? '' : ` (and ${count(others, 'other reason')})`;
  return `'${shortName(lock.node, longestName)}': ${lockReasonText(lock.reason).cause}${more}`;
}

/** Why groups stayed as they are, most of them first; what could be done about it. */
export function locksSection({ groups }: PruneResult): readonly Section[] {
  const facts = grouped(groups, ({ locks }) => locks[0]?.reason ?? null).map(({ key, members }): Fact => ({
    label: key,
    text: reasonLine(key, members),
  }));
  return facts.length === 0 ? [] : [{ title: 'Locked', blocks: [{ kind: 'facts', facts }] }];
}

function reasonLine(reason: string, members: readonly PrunedGroup[]): string {
  const { cause, cure } = lockReasonText(reason);
  const example = members[0] === undefined ? '' : `, such as ${exampleText(members[0])}`;
  return `${count(members.length, 'group')}${example}: ${cause}${cure === null ? '' : `; ${cure}`}`;
}

/** `'/fc/Gemm' by 'logits'` */
function exampleText({ name, locks }: PrunedGroup): string {
  const node = locks[0]?.node ?? name;
  return `'${shortName(name)}'${node === name ? '' : ` by '${shortName(node)}'`}`;
}
