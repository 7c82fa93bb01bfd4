import type { GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import { calibrationSummary } from './gate-calibration-summary.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer gate --calibrate` found, as GitHub Markdown. */
export function gateCalibrationMarkdown(result: GateCalibrationResult, { view = usualView }: Style): string {
  const { heading, advice, sections, facts, warnings } = calibrationSummary(result, view.details);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    escapeMarkdown(advice),
    ...sections.map(({ title, blocks: own }) => sectionMarkdown({ title: escapeMarkdown(title), blocks: own })),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
