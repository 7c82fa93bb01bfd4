import type { ProfileResult } from '../../../profile/profile-result.ts';
import { profileSummary } from '../../profile-summary.ts';
import { flameFigures } from '../flame-figures.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf } from './origin-of.ts';

/** The flame graphs of a profile, and nothing else of it. */
export function flamePage(result: ProfileResult): Page {
  const { heading, warnings } = profileSummary(result, wholeView);
  return {
    kind: 'profile',
    heading,
    lead: [],
    sections: figureSection('Where the time goes', flameFigures(result)),
    facts: [],
    warnings,
    origins: [originOf(result)],
  };
}
