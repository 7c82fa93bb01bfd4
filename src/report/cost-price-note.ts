import type { CostResult } from '../cost/cost-result.ts';
import type { Block } from './section.ts';
import { count } from './units.ts';

/** How old the prices are, which stands under every table that has some. */
export function priceNote({ prices }: CostResult): Block {
  return { kind: 'note', text: priceAgeText(prices) };
}

function priceAgeText({ oldest, undated, daysOld }: CostResult['prices']): string {
  const others = undated === 0 ? '' : `; ${count(undated, 'option')} with prices that have no date`;
  if (oldest === null) return undated === 0 ? 'No listed price was used' : `No price that was used has a date`;
  const age = daysOld === null ? '' : `, ${count(daysOld, 'day')} old`;
  return `Oldest price used: of ${oldest}${age}${others}`;
}
