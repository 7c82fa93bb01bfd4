import type { CostResult } from '../cost/cost-result.ts';
import { costSummary } from './cost-summary.ts';
import { factLines } from './fact-lines.ts';
import { hanging } from './hanging.ts';
import { sectionText } from './section-text.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** What `infer cost` found, for a terminal. */
export function costTable(result: CostResult, style: Style): string {
  const { heading, verdicts, sections, facts, warnings } = costSummary(result, style.view ?? usualView);
  const blocks = [
    paint(hanging('', heading, style), 'strong', style),
    verdicts.map(({ text, tone }) => paint(hanging('', text, style), tone, style)).join('\n'),
    ...sections.map((section) => sectionText(section, style)),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
