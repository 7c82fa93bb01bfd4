import type { PrunedBlock, PruneResult, SparseLayer } from '../prune/prune-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { blockLockText } from './messages/lock-reasons.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatNumber, formatPercent, formatWhole } from './units.ts';
import type { View } from './view.ts';

const longestName = 32;
const longestLock = 80;

/** Residual blocks: with details in their order, else those that change the stream least first. */
export function blocksSection({ blocks }: PruneResult, view: View): readonly Section[] {
  const rest = blocks.toSorted((a, b) => influenceOf(a) - influenceOf(b));
  return gridSection(view.details ? blocks : rest, view, {
    title: 'Residual blocks',
    noun: 'block',
    columns: [
      ['block', 'left', ({ name }) => shortName(name, longestName)],
      ['nodes', 'right', ({ nodes }) => formatWhole(nodes), 1],
      ['influence', 'right', ({ influence }) => (influence === null ? '-' : formatNumber(influence))],
      [
        '',
        'left',
        ({ removed, lock }) => (removed ? 'removed' : lock === null ? '' : shortName(blockLockText(lock), longestLock)),
      ],
    ],
  });
}

function influenceOf({ influence, removed }: PrunedBlock): number {
  return removed ? -Infinity : (influence ?? Infinity);
}

/** Layers with zeros: with details in their order, else the largest first. */
export function sparseSection({ sparseLayers }: PruneResult, view: View): readonly Section[] {
  const largest = sparseLayers.toSorted((a, b) => b.weights - a.weights);
  return gridSection<SparseLayer>(view.details ? sparseLayers : largest, view, {
    title: 'Sparse layers',
    noun: 'layer',
    columns: [
      ['layer', 'left', ({ node }) => shortName(node, longestName)],
      ['weights', 'right', ({ weights }) => formatWhole(weights)],
      ['zeros', 'right', ({ zeros }) => formatPercent(zeros)],
      ['chosen by', 'left', ({ score }) => score, 1],
      ['error', 'right', ({ error }) => (error === null ? '-' : formatNumber(error))],
    ],
  });
}

/** What each group would cost and save alone. */
export function sensitivitySection({ sensitivity }: PruneResult, view: View): readonly Section[] {
  return gridSection(sensitivity, view, {
    title: 'Sensitivity: each group alone, refitted',
    noun: 'trial',
    columns: [
      ['group', 'left', ({ group }) => shortName(group, longestName)],
      ['units kept', 'right', ({ units }) => formatWhole(units)],
      ['error', 'right', ({ error }) => formatNumber(error)],
      ['saves', 'right', ({ saved }) => formatPercent(saved)],
    ],
  });
}

/** What refitting brought. */
export function repairsSection({ repairs }: PruneResult, view: View): readonly Section[] {
  return gridSection(repairs, view, {
    title: 'Refitted layers, error of their outputs',
    noun: 'layer',
    columns: [
      ['layer', 'left', ({ node }) => shortName(node, longestName)],
      ['before', 'right', ({ before }) => formatNumber(before)],
      ['after', 'right', ({ after }) => formatNumber(after)],
      ['how', 'left', ({ how }) => how],
    ],
  });
}

interface Listing<Row> {
  readonly title: string;
  /** Of a row. */
  readonly noun: string;
  readonly columns: readonly RowColumn<Row>[];
}

/** All rows with details, else the first ones. */
function gridSection<Row>(
  rows: readonly Row[],
  { details, top }: View,
  { title, noun, columns }: Listing<Row>,
): readonly Section[] {
  if (rows.length === 0) return [];
  const shown = details ? rows : rows.slice(0, top);
  const more = moreText({ of: rows.length, shown: shown.length, noun });
  return [{ title, blocks: [{ kind: 'grid', columns: columnsOf(shown, columns), more }] }];
}
