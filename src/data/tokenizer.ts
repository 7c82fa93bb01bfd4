import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { DataError } from '../errors.ts';
import { readDataFile } from './data-file.ts';
import { importPackage } from './optional-package.ts';

/** A text, or a pair of them, as a model takes it; arrays of the same length, special tokens included. */
export interface Encoding {
  readonly ids: readonly number[];
  readonly attentionMask: readonly number[];
  /** 0 for the first text, 1 for the second. */
  readonly typeIds: readonly number[];
}

export interface TextTokenizer {
  encode(text: string, pair?: string | null): Encoding;
  /** The text of token ids, without special tokens. */
  decode(ids: readonly number[]): string;
}

/**
 * Loads a tokenizer in Hugging Face's format, with the `tokenizer_config.json` beside it where there is one.
 * @throws UsageError `package-missing`, `file-missing`, `file-unreadable`; DataError `data-malformed`
 */
export async function loadTokenizer(path: string): Promise<TextTokenizer> {
  const tokenizer = readJson(path);
  const configPath = join(dirname(path), 'tokenizer_config.json');
  const config = existsSync(configPath) ? readJson(configPath) : {};
  const { Tokenizer } = await importPackage(() => import('@huggingface/tokenizers'), {
    package: '@huggingface/tokenizers',
    purpose: 'to turn texts into tokens',
  });
  const loaded = attempt(path, () => new Tokenizer(tokenizer, config));
  return {
    encode(text, pair = null) {
      const encoded = loaded.encode(text, { text_pair: pair, return_token_type_ids: true });
      return { ids: encoded.ids, attentionMask: encoded.attention_mask, typeIds: encoded.token_type_ids };
    },
    decode: (ids) => loaded.decode([...ids], { skip_special_tokens: true }),
  };
}

function readJson(path: string): object {
  const bytes = readDataFile(path);
  const value: unknown = attempt(path, () => JSON.parse(new TextDecoder().decode(bytes)));
  if (typeof value === 'object' && value !== null) return value;
  throw new DataError('data-malformed', { path, offset: null, problem: 'it is no JSON object' });
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const problem = `it is no tokenizer: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new DataError('data-malformed', { path, offset: null, problem }, { cause });
  }
}
