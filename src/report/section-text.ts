import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import type { Block, Section } from './section.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { wrapText } from './wrap-text.ts';

const indent = '  ';
/** Characters that a section's blocks are indented by. */
export const indentWidth = indent.length;

/** A section for a terminal: its title, and indented what is in it. */
export function sectionText({ title, blocks }: Section, style: Style): string {
  const inner = { ...style, width: style.width - indentWidth };
  const lines = blocks.map((block) => blockText(block, inner)).join('\n\n');
  return `${paint(title, 'strong', style)}\n${lines.replaceAll(/^(?=.)/gm, indent)}`;
}

function blockText(block: Block, style: Style): string {
  switch (block.kind) {
    case 'grid': {
      const more = block.more === null ? '' : `\n${paint(block.more, 'dim', style)}`;
      return `${textGrid(block.columns, style)}${more}`;
    }
    case 'facts':
      return factLines(block.facts, style);
    case 'note':
      return wrapText(block.text, style.width)
        .map((line) => paint(line, 'dim', style))
        .join('\n');
  }
}
