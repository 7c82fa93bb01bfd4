import type { GateResult } from '../gate/gate-result.ts';
import { factLines } from './fact-lines.ts';
import { gateSummary } from './gate-summary.ts';
import { hanging } from './hanging.ts';
import { indentWidth, sectionText } from './section-text.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** What a gate found, for a terminal. */
export function gateTable(result: GateResult, style: Style): string {
  const { details } = style.view ?? usualView;
  const summary = gateSummary(result, { width: style.width - indentWidth, details });
  const blocks = [
    `${paint(hanging('', summary.heading, style), summary.tone, style)}\n${hanging('', summary.counts, style)}`,
    ...summary.sections.map((section) => sectionText(section, style)),
    factLines(summary.facts, style),
    summary.warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
