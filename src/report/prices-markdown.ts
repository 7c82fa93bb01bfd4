import type { PricesResult } from '../cost/catalog/prices-result.ts';
import { escapeMarkdown } from './markdown-grid.ts';
import { pricesSummary } from './prices-summary.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What the catalog says, as GitHub Markdown. */
export function pricesMarkdown(result: PricesResult, { view = usualView }: Style): string {
  const { sections, warnings } = pricesSummary(result, view.top);
  const blocks = [
    ...sections.map(sectionMarkdown),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
