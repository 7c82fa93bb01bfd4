import type { ProfileResult } from '../profile/profile-result.ts';
import { factLines } from './fact-lines.ts';
import { hanging } from './hanging.ts';
import { profileSummary } from './profile-summary.ts';
import { sectionText } from './section-text.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** Where the time of a model goes, for a terminal. */
export function profileTable(result: ProfileResult, style: Style): string {
  const { heading, sections, facts, warnings } = profileSummary(result, style.view ?? usualView);
  const blocks = [
    paint(heading, 'strong', style),
    ...sections.map((section) => sectionText(section, style)),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
