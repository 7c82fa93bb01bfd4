import type { LanguageSettings } from '../bench/language/language-settings.ts';
import type { PromptRow } from '../data/read-prompts.ts';
import { readPrompts } from '../data/read-prompts.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { BenchRequest } from './bench.ts';

/** How text is to be written, as the command line knows it: files are paths. */
export interface LanguageRequest extends Omit<LanguageSettings, 'prompts' | 'decode'> {
  /** Path of a `tokenizer.json`; null for none. */
  readonly tokenizer: string | null;
}

/** Rows that prompts are made of, where nobody says how many: more than a sweep cycles through. */
const usualRows = 256;

/**
 * The settings of a bench that writes text, with its prompts read; undefined where the request has none.
 * @throws what `readPrompts` and `loadTokenizer` throw
 */
export async function languageSettings(request: BenchRequest): Promise<LanguageSettings | undefined> {
  if (request.language === undefined) return undefined;
  const { tokenizer, ...settings } = request.language;
  const loaded = tokenizer === null ? null : await loadTokenizer(tokenizer);
  return {
    ...settings,
    prompts: await promptRows(request, loaded),
    decode: loaded === null ? null : (ids) => loaded.decode(ids),
  };
}

async function promptRows(
  { dataPath, samples }: BenchRequest,
  tokenizer: TextTokenizer | null,
): Promise<readonly PromptRow[] | null> {
  return dataPath === null ? null : readPrompts(dataPath, { tokenizer, limit: samples ?? usualRows });
}
