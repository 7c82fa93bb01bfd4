import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { factLines } from './fact-lines.ts';
import { hanging } from './hanging.ts';
import { quantizeSummary } from './quantize-summary.ts';
import { sectionText } from './section-text.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer quantize` did, for a terminal. */
export function quantizeTable(result: QuantizeResult, style: Style): string {
  const { heading, headline, goals, sections, facts, warnings } = quantizeSummary(result, style.view ?? usualView);
  const blocks = [
    `${paint(heading, result.ok ? 'strong' : 'bad', style)}\n${hanging('', headline, style)}`,
    goals.map(({ text, tone }) => paint(hanging('', text, style), tone, style)).join('\n'),
    ...sections.map((section) => sectionText(section, style)),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
