import type { OptimizeResult } from '../../../optimize/optimize-result.ts';
import { optimizeSummary } from '../../optimize-summary.ts';
import type { Page } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** What the passes did. */
export function optimizePage(result: OptimizeResult): Page {
  const { heading, figures, passes, facts, warnings } = optimizeSummary(result, wholeView);
  return {
    kind: 'optimize',
    heading,
    lead: passes === null ? [{ text: 'No pass found anything to do.', tone: 'plain' }] : [],
    sections: [
      { title: 'Before and after', blocks: [{ kind: 'grid', columns: figures, more: null }] },
      ...(passes === null
        ? []
        : [{ title: 'Passes', blocks: [{ kind: 'grid', columns: passes, more: null } as const] }]),
    ],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}
