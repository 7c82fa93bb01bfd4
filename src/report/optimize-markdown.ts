import type { OptimizeResult } from '../optimize/optimize-result.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';
import { optimizeSummary } from './optimize-summary.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer optimize` did, as GitHub Markdown. */
export function optimizeMarkdown(result: OptimizeResult, style: Style): string {
  const { heading, figures, passes, facts, warnings } = optimizeSummary(result, style.view ?? usualView);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    markdownGrid(figures),
    passes === null ? 'No pass found anything to do.' : markdownGrid(passes),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
