import type { InspectResult } from '../inspect/inspect-result.ts';
import { inspectHeading, inspectSections, inspectWarnings } from './inspect-sections.ts';
import { escapeMarkdown } from './markdown-grid.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What a model is made of and costs, as GitHub Markdown. */
export function inspectMarkdown(result: InspectResult, { view = usualView }: Style): string {
  const blocks = [
    `**${escapeMarkdown(inspectHeading(result))}**`,
    ...inspectSections(result, view).map(sectionMarkdown),
    inspectWarnings(result)
      .map((warning) => `> - ${escapeMarkdown(warning)}`)
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
