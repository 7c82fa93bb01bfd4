import type { DistillResult } from '../distill/distill-result.ts';
import { distillSummary } from './distill-summary.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer distill` did, as GitHub Markdown. */
export function distillMarkdown(result: DistillResult, style: Style): string {
  const { heading, verdict, figures, epochs, facts, warnings } = distillSummary(result, style.view ?? usualView);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    escapeMarkdown(verdict.text),
    markdownGrid(figures),
    epochs === null ? '' : markdownGrid(epochs.columns),
    epochs?.more == null ? '' : escapeMarkdown(epochs.more),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
