import type { InspectResult } from '../inspect/inspect-result.ts';
import { inspectHeading, inspectSections, inspectWarnings } from './inspect-sections.ts';
import { escapeMarkdown, markdownFacts, markdownGrid } from './markdown-grid.ts';
import type { Block, Section } from './section.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What a model is made of and costs, as GitHub Markdown. */
export function inspectMarkdown(result: InspectResult, { view = usualView }: Style): string {
  const blocks = [
    `**${escapeMarkdown(inspectHeading(result))}**`,
    ...inspectSections(result, view).map(drawSection),
    inspectWarnings(result)
      .map((warning) => `> - ${escapeMarkdown(warning)}`)
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function drawSection({ title, blocks }: Section): string {
  return [`### ${title}`, ...blocks.map(drawBlock)].join('\n\n');
}

function drawBlock(block: Block): string {
  switch (block.kind) {
    case 'grid':
      return `${markdownGrid(block.columns)}${block.more === null ? '' : `\n\n${escapeMarkdown(block.more)}`}`;
    case 'facts':
      return markdownFacts(block.facts);
    case 'note':
      return `<sub>${escapeMarkdown(block.text)}</sub>`;
  }
}
