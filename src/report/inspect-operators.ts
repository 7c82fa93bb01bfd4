import type { InspectResult } from '../inspect/inspect-result.ts';
import { columnsOf } from './columns-of.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatMagnitude, formatPercent, formatWhole } from './units.ts';
import type { View } from './view.ts';

/** Operators with their part in the model's cost, the dearest first. */
export function operatorsSection({ operators }: InspectResult, { top }: View): Section {
  const shown = operators.slice(0, top);
  const columns = columnsOf(shown, [
    ['operator', 'left', ({ name }) => shortName(name)],
    ['nodes', 'right', ({ count }) => formatWhole(count)],
    ['MACs', 'right', ({ macs }) => (macs === 0 ? '' : formatMagnitude(macs))],
    ['of all', 'right', ({ macShare }) => shareText(macShare)],
    ['moved', 'right', ({ bytes }) => (bytes === 0 ? '' : formatBytes(bytes))],
    ['of all', 'right', ({ byteShare }) => shareText(byteShare)],
  ]);
  const more = moreText({ of: operators.length, shown: shown.length, noun: 'operator' });
  return { title: 'Operators', blocks: operators.length === 0 ? [] : [{ kind: 'grid', columns, more }] };
}

/** What a percentage of one decimal shows as nothing. */
const leastShown = 0.0005;

/** Empty where there is nothing to see. */
export function shareText(share: number | null): string {
  if (share === null || share === 0) return '';
  return share < leastShown ? `<${formatPercent(leastShown * 2)}` : formatPercent(share);
}
