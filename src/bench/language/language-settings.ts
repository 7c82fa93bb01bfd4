import type { PromptRow } from '../../data/read-prompts.ts';

/** How text is to be written, as the user asked for it. */
export interface LanguageSettings {
  /** `auto`: where every model is a decoder with a cache; `on`: or else it is an error. */
  readonly mode: 'auto' | 'on';
  /** Lengths of prompts; empty for those of the data, or a usual one. */
  readonly promptTokens: readonly number[];
  /** Tokens to write after each prompt; empty for a usual number. */
  readonly newTokens: readonly number[];
  /** Tokens that end a sequence before it is as long; none for a forced length. */
  readonly stopIds: readonly number[];
  /** Fewest requests of a block. */
  readonly minRequests: number;
  /** Null for made-up ones. */
  readonly prompts: readonly PromptRow[] | null;
  /** Whether to keep what was written after the first prompt, and hold it against writing without the cache. */
  readonly showText: boolean;
  /** Text of token ids; null without a tokenizer. */
  readonly decode: ((ids: readonly number[]) => string) | null;
}

/** Names of the two dimensions of a sweep over texts, in points and their keys. */
export const promptDimension = 'prompt_tokens';
export const newDimension = 'new_tokens';
