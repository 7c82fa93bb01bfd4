import type { PricesResult } from '../../../cost/catalog/prices-result.ts';
import { listedParts, partNouns } from '../../prices-words.ts';
import { pricesSummary } from '../../prices-summary.ts';
import { count } from '../../units.ts';
import type { Page } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf } from './origin-of.ts';

/** What the catalog says. */
export function pricesPage(result: PricesResult): Page {
  const { sections, warnings } = pricesSummary(result, wholeView.top);
  const parts = listedParts(result).map((part) => count(result[part].length, partNouns[part]));
  return {
    kind: 'cost prices',
    heading: parts.join(', '),
    lead: [],
    sections,
    facts: [],
    warnings,
    origins: [originOf(result)],
  };
}
