import type { GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import { factLines } from './fact-lines.ts';
import { calibrationSummary } from './gate-calibration-summary.ts';
import { hanging } from './hanging.ts';
import { sectionText } from './section-text.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** What `infer gate --calibrate` found, for a terminal. */
export function gateCalibrationTable(result: GateCalibrationResult, style: Style): string {
  const { details } = style.view ?? usualView;
  const { heading, tone, advice, sections, facts, warnings } = calibrationSummary(result, details);
  const blocks = [
    `${paint(hanging('', heading, style), tone, style)}\n${hanging('', advice, style)}`,
    ...sections.map((section) => sectionText(section, style)),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
