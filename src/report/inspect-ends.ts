import type { InspectResult } from '../inspect/inspect-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { moreText } from './more-text.ts';
import type { Block, Section } from './section.ts';
import { shapeCell } from './shape-cell.ts';
import { shortName } from './short-name.ts';
import type { View } from './view.ts';

type End = InspectResult['inputs'][number];

/** What goes in and out. */
export function endsSection({ inputs, outputs }: InspectResult, { top }: View): Section {
  return {
    title: 'Inputs and outputs',
    blocks: [...endGrids('input', inputs, top), ...endGrids('output', outputs, top)],
  };
}

function endGrids(noun: string, ends: readonly End[], top: number): readonly Block[] {
  if (ends.length === 0) return [];
  const shown = ends.slice(0, top);
  const found: RowColumn<End> = ['inferred', 'left', (end) => (isElsewise(end) ? shapeCell(end.shape) : 'the same'), 1];
  const columns = columnsOf(shown, [
    [noun, 'left', ({ name }) => shortName(name)],
    ['type', 'left', ({ type }) => type ?? 'any type'],
    ['shape', 'left', ({ declared }) => shapeCell(declared)],
    ...(shown.some(isElsewise) ? [found] : []),
  ]);
  return [{ kind: 'grid', columns, more: moreText({ of: ends.length, shown: shown.length, noun }) }];
}

/** Whether more is known of its shape than the model declares. */
function isElsewise({ shape, declared }: End): boolean {
  return shape !== null && shapeCell(shape) !== shapeCell(declared);
}
