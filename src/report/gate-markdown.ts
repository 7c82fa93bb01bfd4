import type { GateCell, GateResult } from '../gate/gate-result.ts';
import { rank } from './gate-headline.ts';
import { verdictText } from './gate-cell-text.ts';
import type { GateSummary } from './gate-summary.ts';
import { gateSummary } from './gate-summary.ts';
import { escapeMarkdown, markdownFacts } from './markdown-grid.ts';
import { moreText } from './more-text.ts';
import { sectionMarkdown } from './section-markdown.ts';
import { shortName } from './short-name.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** First line of the body of a comment: whoever posts the next one finds the last one by it, and edits that. */
export const gateCommentMarker = '<!-- infer gate -->';

/** GitHub refuses longer comments; a step's summary may have 1 MiB, which this never comes near. */
const longestComment = 65_536;

/** Cells to show, until the text is short enough. */
const steps = [Infinity, 400, 200, 100, 50, 20, 8, 0] as const;
const mostWarnings = 10;
const longestWarning = 500;

/** What a gate found as GitHub Markdown, for a step's summary and for a comment: all cells, or those that matter most. */
export function gateMarkdown(result: GateResult, { view = usualView }: Style): string {
  for (const most of steps) {
    const text = drawn(result, most, view.details);
    if (text.length <= longestComment) return text;
  }
  return `${gateCommentMarker}\n\n${inert(gateSummary(result, { width: Infinity, details: false }).heading)}\n`;
}

function drawn(result: GateResult, most: number, details: boolean): string {
  const shown = mostTelling(result.cells, most);
  const summary = gateSummary(result, { width: Infinity, details, ...(shown === null ? {} : { shown }) });
  const left = moreText({ of: result.cells.length, shown: shown?.size ?? result.cells.length, noun: 'cell' });
  const blocks = [
    gateCommentMarker,
    `**${inert(summary.heading)}**`,
    inert(summary.counts),
    ...summary.sections.map((section) =>
      withoutMentions(sectionMarkdown({ ...section, title: escapeMarkdown(section.title) })),
    ),
    left === null ? '' : `${left}: the JSON result has all`,
    warningsMarkdown(summary),
    folded('How it was judged', withoutMentions(markdownFacts(summary.facts))),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Fails first; null where all are shown. */
function mostTelling(cells: readonly GateCell[], most: number): ReadonlySet<GateCell> | null {
  if (cells.length <= most) return null;
  return new Set(cells.toSorted((a, b) => rank(verdictText(a)) - rank(verdictText(b))).slice(0, most));
}

function warningsMarkdown({ warnings }: GateSummary): string {
  if (warnings.length === 0) return '';
  const lines = warnings.slice(0, mostWarnings).map((warning) => `> - ${inert(shortName(warning, longestWarning))}`);
  const more = moreText({ of: warnings.length, shown: lines.length, noun: 'warning' });
  return ['> [!WARNING]', ...lines, ...(more === null ? [] : [`> - ${more}`])].join('\n');
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Names may come from a stranger's pull request: neither markup nor a call to somebody. */
function inert(text: string): string {
  return withoutMentions(escapeMarkdown(text));
}

/** A zero-width space keeps `@name` from sending mail to its owner. */
function withoutMentions(markdown: string): string {
  return markdown.replaceAll('@', '@&#8203;');
}
