import type { Environment } from '../../runtime/environment.ts';
import type { VerdictLine } from '../evaluate-verdict.ts';
import type { Fact } from '../fact.ts';
import type { Block } from '../section.ts';
import type { Figure } from './figure.ts';

/** What a report says, in the order it is read. */
export interface Page {
  /** Kind of result, as the command is called. */
  readonly kind: string;
  readonly heading: string;
  /** The gist, before anything else; verdicts in their tone. */
  readonly lead: readonly VerdictLine[];
  readonly sections: readonly PageSection[];
  /** Labeled lines that stand for the whole of it. */
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
  readonly origins: readonly Origin[];
}

export interface PageSection {
  readonly title: string;
  readonly blocks: readonly PageBlock[];
}

export type PageBlock = Block | { readonly kind: 'figure'; readonly figure: Figure };

/** Where and how a result was made. */
export interface Origin {
  /** Tells it from the others of the page; empty when it is the only one. */
  readonly label: string;
  readonly createdAt: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: readonly string[];
  readonly environment: Environment;
}

/** The figures there are, as a section; none without a figure. */
export function figureSection(title: string, figures: readonly (Figure | null)[]): readonly PageSection[] {
  const blocks = figures.flatMap((figure) => (figure === null ? [] : [{ kind: 'figure', figure } as const]));
  return blocks.length === 0 ? [] : [{ title, blocks }];
}
