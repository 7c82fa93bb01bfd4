import type { EvaluateResult } from '../evaluate/evaluate-result.ts';
import { evaluateSummary } from './evaluate-summary.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer evaluate` found, as GitHub Markdown. */
export function evaluateMarkdown(result: EvaluateResult, style: Style): string {
  const { heading, metrics, closeness, verdicts, facts, warnings } = evaluateSummary(result, style.view ?? usualView);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    verdicts.map(({ text }) => escapeMarkdown(text)).join('\n\n'),
    metrics === null ? '' : markdownGrid(metrics),
    closeness === null ? '' : markdownGrid(closeness.columns),
    closeness?.more == null ? '' : escapeMarkdown(closeness.more),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
