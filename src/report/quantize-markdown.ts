import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { quantizeSummary } from './quantize-summary.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer quantize` did, as GitHub Markdown. */
export function quantizeMarkdown(result: QuantizeResult, { view = usualView }: Style): string {
  const { heading, headline, goals, sections, facts, warnings } = quantizeSummary(result, view);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    escapeMarkdown(headline),
    goals.map(({ text }) => `- ${escapeMarkdown(text)}`).join('\n'),
    ...sections.map(sectionMarkdown),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
