import type { InspectResult } from '../../../inspect/inspect-result.ts';
import { inspectHeading, inspectSections, inspectWarnings } from '../../inspect-sections.ts';
import type { Page } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf } from './origin-of.ts';

/** What a model is made of and costs. */
export function inspectPage(result: InspectResult): Page {
  return {
    kind: 'inspect',
    heading: inspectHeading(result),
    lead: [],
    sections: inspectSections(result, wholeView),
    facts: [],
    warnings: inspectWarnings(result),
    origins: [originOf(result)],
  };
}
