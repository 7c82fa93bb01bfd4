import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';

/** A part of a report that can be drawn in several formats. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  /** `more` says what was left out below. */
  | { readonly kind: 'grid'; readonly columns: readonly Column[]; readonly more: string | null }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** What the figures mean. */
  | { readonly kind: 'note'; readonly text: string };
