import type { CostResult } from '../cost/cost-result.ts';
import { costSummary } from './cost-summary.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer cost` found, as GitHub Markdown. */
export function costMarkdown(result: CostResult, { view = usualView }: Style): string {
  const { heading, verdicts, sections, facts, warnings } = costSummary(result, view);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    verdicts.map(({ text }) => escapeMarkdown(text)).join('\n\n'),
    ...sections.map(({ title, blocks: own }) => sectionMarkdown({ title: escapeMarkdown(title), blocks: own })),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
