import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';
import type { Block, Section } from './section.ts';

/** A section as GitHub Markdown. */
export function sectionMarkdown({ title, blocks }: Section): string {
  return [`### ${title}`, ...blocks.map(blockMarkdown)].join('\n\n');
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'grid':
      return `${markdownGrid(block.columns)}${block.more === null ? '' : `\n\n${escapeMarkdown(block.more)}`}`;
    case 'facts':
      return markdownFacts(block.facts);
    case 'note':
      return `<sub>${escapeMarkdown(block.text)}</sub>`;
  }
}
