import type { CostOption, CostResult } from '../cost/cost-result.ts';
import { optionColumns } from './cost-option-columns.ts';
import { priceNote } from './cost-price-note.ts';
import { isServing, objectiveText, placeName } from './cost-words.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import type { View } from './view.ts';

/** What serves, the cheapest first, in detail all of it; where nothing does, what comes nearest. */
export function optionsSection(result: CostResult, view: View): readonly Section[] {
  const { options } = result;
  if (options.length === 0) return [];
  const serving = options.filter(isServing);
  const rows = serving.length > 0 ? serving : options;
  const shown = view.details ? rows : rows.slice(0, view.top);
  const more = moreText({ of: rows.length, shown: shown.length, noun: 'option' });
  return [
    {
      title: titleOf(result, { shown, isServing: serving.length > 0 }),
      blocks: [
        { kind: 'grid', columns: optionColumns(shown, result, view.details), more },
        priceNote(result),
        ...boundNote(shown),
      ],
    },
  ];
}

interface Shown {
  readonly shown: readonly CostOption[];
  readonly isServing: boolean;
}

function titleOf({ objective }: CostResult, { shown, isServing }: Shown): string {
  const places = new Set(shown.map(placeName));
  const [only = ''] = places;
  const where = places.size === 1 && only !== '' ? ` on ${only}` : '';
  if (!isServing) return `Options${where}, none of which will do`;
  return `Options${where}${objective === null ? '' : ` with ${objectiveText(objective)}`}, the cheapest first`;
}

/** Closed forms do not know percentiles. */
function boundNote(options: readonly CostOption[]) {
  const isBound = options.some(({ latencyMs }) => latencyMs?.method === 'closed-form');
  if (!isBound) return [];
  return [{ kind: 'note', text: 'Latencies are by closed forms: the mean is near, percentiles are bounds' } as const];
}
