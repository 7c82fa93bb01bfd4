import type { ProfileResult } from '../../../profile/profile-result.ts';
import { profileSummary } from '../../profile-summary.ts';
import { flameFigures } from '../flame-figures.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { operatorsFigure, rooflineFigure } from '../profile-figures.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** Where the time of a model goes, drawn and in full. */
export function profilePage(result: ProfileResult): Page {
  const { heading, sections, facts, warnings } = profileSummary(result, wholeView);
  return {
    kind: 'profile',
    heading,
    lead: [],
    sections: [
      ...figureSection('Time', [operatorsFigure(result), ...flameFigures(result)]),
      ...figureSection('Against the roofs', [rooflineFigure(result)]),
      ...sections,
    ],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}
