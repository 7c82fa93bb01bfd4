import type { VerdictLine } from './evaluate-verdict.ts';
import { factLines } from './fact-lines.ts';
import type { Fact } from './fact.ts';
import { hanging } from './hanging.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { sectionMarkdown } from './section-markdown.ts';
import { sectionText } from './section-text.ts';
import type { Section } from './section.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';

/** What is said, in any format, of a model that was made from another one and judged beside it. */
export interface JudgedSummary {
  readonly ok: boolean;
  readonly heading: string;
  /** Size, speed and quality in a line. */
  readonly headline: string;
  readonly goals: readonly VerdictLine[];
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

/** For a terminal. */
export function judgedTable(summary: JudgedSummary, style: Style): string {
  const { ok, heading, headline, goals, sections, facts, warnings } = summary;
  const blocks = [
    `${paint(heading, ok ? 'strong' : 'bad', style)}\n${hanging('', headline, style)}`,
    goals.map(({ text, tone }) => paint(hanging('', text, style), tone, style)).join('\n'),
    ...sections.map((section) => sectionText(section, style)),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** As GitHub Markdown. */
export function judgedMarkdown({ heading, headline, goals, sections, facts, warnings }: JudgedSummary): string {
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
