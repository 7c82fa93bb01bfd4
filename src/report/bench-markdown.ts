import type { BenchResult } from '../bench/bench-result.ts';
import { benchColumns } from './bench-columns.ts';
import { loadColumns } from './bench-load-columns.ts';
import { benchSummary } from './bench-summary.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';

/** A bench result as GitHub Markdown: the table and the same lines as the terminal's. */
export function benchMarkdown(result: BenchResult): string {
  const { heading, reasons, facts, warnings } = benchSummary(result);
  const loads = loadColumns(result);
  const blocks = [
    heading === '' ? '' : `**${escapeMarkdown(heading)}**`,
    markdownGrid(benchColumns(result)),
    loads === null ? '' : markdownGrid(loads),
    reasons.map((reason, index) => `(${index + 1}) ${escapeMarkdown(reason)}  `).join('\n'),
    markdownFacts(facts),
    markdownWarnings(warnings),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function markdownWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  return ['> [!WARNING]', ...warnings.map((warning) => `> - ${escapeMarkdown(warning)}`)].join('\n');
}
