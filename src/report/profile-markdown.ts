import type { ProfileResult } from '../profile/profile-result.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { profileSummary } from './profile-summary.ts';
import { sectionMarkdown } from './section-markdown.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** Where the time of a model goes, as GitHub Markdown. */
export function profileMarkdown(result: ProfileResult, { view = usualView }: Style): string {
  const { heading, sections, facts, warnings } = profileSummary(result, view);
  const blocks = [
    `**${escapeMarkdown(heading)}**`,
    ...sections.map(({ title, blocks: inside }) => sectionMarkdown({ title: escapeMarkdown(title), blocks: inside })),
    markdownFacts(facts),
    warnings.map((warning) => `> - ${escapeMarkdown(warning)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
