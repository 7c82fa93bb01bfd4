import type { InspectResult } from '../inspect/inspect-result.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { hanging } from './hanging.ts';
import { inspectHeading, inspectSections, inspectWarnings } from './inspect-sections.ts';
import type { Block, Section } from './section.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';
import { wrapText } from './wrap-text.ts';

const indent = '  ';

/** What a model is made of and costs, for a terminal. */
export function inspectTable(result: InspectResult, style: Style): string {
  const sections = inspectSections(result, style.view ?? usualView);
  const blocks = [
    paint(inspectHeading(result), 'strong', style),
    ...sections.map((section) => drawSection(section, style)),
    inspectWarnings(result)
      .map((warning) => paint(hanging('! ', warning, style), 'warn', style))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function drawSection({ title, blocks }: Section, style: Style): string {
  const inner = { ...style, width: style.width - indent.length };
  const lines = blocks.map((block) => drawBlock(block, inner)).join('\n\n');
  return `${paint(title, 'strong', style)}\n${lines.replaceAll(/^(?=.)/gm, indent)}`;
}

function drawBlock(block: Block, style: Style): string {
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
