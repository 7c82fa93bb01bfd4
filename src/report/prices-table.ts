import type { PricesResult } from '../cost/catalog/prices-result.ts';
import { hanging } from './hanging.ts';
import { pricesSummary } from './prices-summary.ts';
import { sectionText } from './section-text.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** What the catalog says, for a terminal. */
export function pricesTable(result: PricesResult, style: Style): string {
  const { sections, warnings } = pricesSummary(result, (style.view ?? usualView).top);
  const blocks = [
    ...sections.map((section) => sectionText(section, style)),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
