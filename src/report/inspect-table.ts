import type { InspectResult } from '../inspect/inspect-result.ts';
import { hanging } from './hanging.ts';
import { inspectHeading, inspectSections, inspectWarnings } from './inspect-sections.ts';
import { sectionText } from './section-text.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What a model is made of and costs, for a terminal. */
export function inspectTable(result: InspectResult, style: Style): string {
  const sections = inspectSections(result, style.view ?? usualView);
  const blocks = [
    paint(inspectHeading(result), 'strong', style),
    ...sections.map((section) => sectionText(section, style)),
    inspectWarnings(result)
      .map((warning) => paint(hanging('! ', warning, style), 'warn', style))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
