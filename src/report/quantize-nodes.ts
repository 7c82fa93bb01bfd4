import type { QuantizedNode, QuantizeResult } from '../quantize/quantize-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { floatReasonText } from './messages/float-reasons.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatPercent, inUnit, timeUnitFor } from './units.ts';

/** Operators named beside a reason. */
const namedOperators = 4;

/** Why nodes stayed in float, most of them first; what could be done about it. */
export function reasonsSection({ nodes }: QuantizeResult): readonly Section[] {
  const facts = grouped(nodes, ({ reason }) => reason).map(({ key, members }): Fact => ({
    label: key,
    text: reasonLine(key, members),
  }));
  if (facts.length === 0) return [];
  return [{ title: 'Stayed in float', blocks: [{ kind: 'facts', facts }] }];
}

function reasonLine(reason: string, members: readonly QuantizedNode[]): string {
  const { cause, cure } = floatReasonText(reason);
  const macs = members.reduce((sum, { macsShare }) => sum + (macsShare ?? 0), 0);
  const share = macs > 0 ? `, ${formatPercent(macs)} of the MACs` : '';
  return `${count(members.length, 'node')} (${operatorsOf(members)})${share}: ${cause}${cure === null ? '' : `; ${cure}`}`;
}

/** `Conv 12, MatMul 2` */
function operatorsOf(members: readonly QuantizedNode[]): string {
  const counts = grouped(members, ({ op }) => op);
  const shown = counts.slice(0, namedOperators).map(({ key, members: { length } }) => `${shortName(key)} ${length}`);
  return [...shown, ...(counts.length > namedOperators ? ['…'] : [])].join(', ');
}

/** What became of every node. */
export function nodesSection({ nodes }: QuantizeResult): readonly Section[] {
  if (nodes.length === 0) return [];
  const unit = timeUnitFor(
    nodes.flatMap(({ latencyBeforeMs, latencyAfterMs }) => [latencyBeforeMs ?? 0, latencyAfterMs ?? 0]),
  );
  const ms = (value: number | null) => (value === null ? '-' : inUnit(value, unit));
  const all: readonly RowColumn<QuantizedNode>[] = [
    ['node', 'left', ({ name }) => shortName(name, longestName)],
    ['op', 'left', ({ op }) => shortName(op, longestName)],
    ['done', 'left', ({ treatment }) => treatment],
    ['becomes', 'left', ({ became }) => (became === null ? '-' : shortName(became, longestName)), 3],
    ['fused', 'left', ({ fused }) => (fused === null ? '-' : fused ? 'yes' : 'no'), 2],
    ['SQNR in', 'right', ({ sqnrInDb }) => decibels(sqnrInDb), 4],
    ['SQNR out', 'right', ({ sqnrOutDb }) => decibels(sqnrOutDb), 1],
    ['MACs', 'right', ({ macsShare }) => (macsShare === null ? '-' : formatPercent(macsShare)), 2],
    ['bytes', 'right', ({ bytesBefore }) => (bytesBefore === 0 ? '-' : formatBytes(bytesBefore)), 5],
    ['after', 'right', ({ bytesBefore, bytesAfter }) => (bytesBefore === 0 ? '-' : formatBytes(bytesAfter)), 5],
    [`${unit} before`, 'right', ({ latencyBeforeMs }) => ms(latencyBeforeMs), 1],
    [`${unit} after`, 'right', ({ latencyAfterMs }) => ms(latencyAfterMs), 1],
    ['why not', 'left', ({ reason }) => (reason === null ? '' : floatReasonText(reason).cause)],
  ];
  const isTold = ([, , text]: RowColumn<QuantizedNode>) => nodes.some((node) => !['', '-'].includes(text(node)));
  return [{ title: 'Nodes', blocks: [{ kind: 'grid', columns: columnsOf(nodes, all.filter(isTold)), more: null }] }];
}

const longestName = 32;

function decibels(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} dB`;
}
