import type { InspectResult } from '../inspect/inspect-result.ts';
import { columnsOf } from './columns-of.ts';
import { shareText } from './inspect-operators.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import { shapeCell } from './shape-cell.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatMagnitude, formatNumber } from './units.ts';

/** Every layer with what it costs and whether quantization or pruning could serve it, the dearest first. */
export function layersSection({ layers: { listed, total } }: InspectResult): Section {
  const columns = columnsOf(listed, [
    ['layer', 'left', ({ name }) => shortName(name, 32)],
    ['operator', 'left', ({ operator }) => shortName(operator, 20)],
    ['inside', 'left', ({ within }) => (within === null ? '' : shortName(within, 16)), 3],
    ['output', 'left', ({ outputShape }) => shapeCell(outputShape), 2],
    ['MACs', 'right', ({ macs }) => (macs === null ? '?' : formatMagnitude(macs))],
    ['of all', 'right', ({ macShare }) => shareText(macShare)],
    ['MACs/byte', 'right', ({ intensity }) => (intensity === null ? '?' : formatNumber(intensity)), 4],
    ['weights', 'right', ({ weightBytes }) => (weightBytes === null ? '' : formatBytes(weightBytes))],
    ['quantize', 'left', ({ quantization }) => suitText(quantization), 1],
    ['prune', 'left', ({ pruning }) => suitText(pruning), 5],
  ]);
  const more = moreText({ of: total, shown: listed.length, noun: 'layer' });
  return { title: 'Layers', blocks: listed.length === 0 ? [] : [{ kind: 'grid', columns, more }] };
}

function suitText(obstacle: string | null): string {
  return obstacle === null ? 'yes' : obstacle.replaceAll('-', ' ');
}
