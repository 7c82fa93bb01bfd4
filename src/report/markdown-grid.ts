import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';

/** A GitHub table. */
export function markdownGrid(columns: readonly Column[]): string {
  const rows = Math.max(0, ...columns.map((column) => column.cells.length));
  const header = columns.map((column) => column.header.map(escapeMarkdown).join('<br>'));
  const rule = columns.map((column) => (column.align === 'right' ? '--:' : ':--'));
  const body = Array.from({ length: rows }, (_, row) =>
    columns.map((column) => escapeMarkdown(column.cells[row]?.text.trim() ?? '')),
  );
  return [header, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text that must not turn into markup: names of models and dimensions may hold anything. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~#]/g, '\\$&').replace(/\r\n|\r|\n/g, ' ');
}

/** Labeled lines as a list. */
export function markdownFacts(facts: readonly Fact[]): string {
  return facts.map(({ label, text }) => `- **${label}**: ${escapeMarkdown(text)}`).join('\n');
}
