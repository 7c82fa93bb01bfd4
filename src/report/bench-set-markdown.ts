import type { BenchSet } from '../result/bench-set.ts';
import { benchSetPage } from './bench-set-columns.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';

/** Several bench results side by side, as GitHub Markdown. */
export function benchSetMarkdown(set: BenchSet): string {
  const { heading, columns, facts } = benchSetPage(set);
  const title = heading === '' ? '' : `**${escapeMarkdown(heading)}**`;
  const blocks = [title, markdownGrid(columns), markdownFacts(facts)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
