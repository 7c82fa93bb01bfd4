import type { InspectResult } from '../inspect/inspect-result.ts';
import { columnsOf } from './columns-of.ts';
import type { Fact } from './fact.ts';
import { shareText } from './inspect-operators.ts';
import { moreText } from './more-text.ts';
import type { Block, Section } from './section.ts';
import { shapeCell } from './shape-cell.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatMagnitude, formatWhole } from './units.ts';
import type { View } from './view.ts';

type Parameters = InspectResult['parameters'];

/** Weights and other constants: how many, of which types, the largest, and what is there more than once. */
export function parametersSection({ parameters }: InspectResult, view: View): Section {
  const { tensors, duplicates } = parameters;
  const blocks: readonly Block[] = [
    { kind: 'facts', facts: [totalFact(parameters), duplicateFact(duplicates)] },
    ...(tensors === 0 ? [] : [typeGrid(parameters), largestGrid(parameters, view)]),
    ...(duplicates.worst.length === 0 ? [] : [duplicateGrid(duplicates, view)]),
  ];
  return { title: 'Parameters', blocks };
}

function totalFact({ count: weights, tensors, bytes }: Parameters): Fact {
  const exact = weights < 1000 ? '' : ` (${formatMagnitude(weights)})`;
  return {
    label: 'Weights',
    text: `${formatWhole(weights)}${exact}; ${count(tensors, 'constant')} of ${formatBytes(bytes)} in all`,
  };
}

function duplicateFact({ groups, wastedBytes }: Parameters['duplicates']): Fact {
  const text =
    groups === 0
      ? 'none found'
      : `${count(groups, 'tensor')} ${groups === 1 ? 'is' : 'are'} there more than once, ${formatBytes(wastedBytes)} too much; infer optimize keeps one of each`;
  return { label: 'Duplicates', text };
}

function typeGrid({ byType, bytes }: Parameters): Block {
  const columns = columnsOf(byType, [
    ['type', 'left', ({ type }) => type],
    ['constants', 'right', ({ tensors }) => formatWhole(tensors)],
    ['elements', 'right', ({ elements }) => formatWhole(elements)],
    ['size', 'right', (row) => formatBytes(row.bytes)],
    ['of all', 'right', (row) => shareText(bytes === 0 ? null : row.bytes / bytes)],
  ]);
  return { kind: 'grid', columns, more: null };
}

function largestGrid({ largest, tensors, bytes }: Parameters, { top }: View): Block {
  const shown = largest.slice(0, top);
  const columns = columnsOf(shown, [
    ['largest constants', 'left', ({ name }) => shortName(name)],
    ['type', 'left', ({ type }) => type],
    ['shape', 'left', ({ dims }) => shapeCell(dims)],
    ['size', 'right', (row) => formatBytes(row.bytes)],
    ['of all', 'right', (row) => shareText(bytes === 0 ? null : row.bytes / bytes)],
  ]);
  return { kind: 'grid', columns, more: moreText({ of: tensors, shown: shown.length, noun: 'constant' }) };
}

function duplicateGrid({ worst, groups }: Parameters['duplicates'], { top }: View): Block {
  const shown = worst.slice(0, top);
  const columns = columnsOf(shown, [
    ['more than once', 'left', ({ names: [name = ''] }) => shortName(name)],
    ['type', 'left', ({ type }) => type],
    ['shape', 'left', ({ dims }) => shapeCell(dims)],
    ['times', 'right', ({ tensors }) => formatWhole(tensors)],
    ['too much', 'right', ({ wastedBytes }) => formatBytes(wastedBytes)],
  ]);
  return { kind: 'grid', columns, more: moreText({ of: groups, shown: shown.length, noun: 'tensor' }) };
}
