import { UsageError } from '../../errors.ts';
import type { BenchOptions } from '../bench-options.ts';
import type { ModelInputs } from '../case-inputs.ts';
import type { LanguageModel } from './language-model.ts';
import { languageModel } from './language-model.ts';
import type { LanguageSettings } from './language-settings.ts';
import { newDimension, promptDimension } from './language-settings.ts';
import { checkVocabulary } from './prompts.ts';
import { recognizeDecoder } from './recognize.ts';

/** A bench of models that write text: the models as they are called, and the options with the axes of texts. */
export interface LanguagePlan {
  readonly models: readonly LanguageModel[];
  readonly settings: LanguageSettings;
  readonly options: BenchOptions;
}

/** Lengths where nobody says otherwise and the models have room for them. */
const usualPrompt = 128;
const usualNew = 64;

/**
 * Null where single runs are to be measured. Throws ModelError `cache-mismatch` or `not-a-decoder`, DataError
 * `token-unknown`, UsageError `context-exceeded`.
 */
export function planLanguage(inputs: readonly ModelInputs[], options: BenchOptions): LanguagePlan | null {
  const { language: settings } = options;
  if (settings === undefined) return null;
  const recognized = inputs.map(({ signature }) => recognizeDecoder(signature));
  const areDecoders = recognized.every((found) => found.kind === 'decoder' && found.model.cache.length > 0);
  if (settings.mode === 'auto' && !areDecoders) return null;
  const models = recognized.flatMap((found, index) => {
    const [own, file] = [inputs[index], options.models[index]];
    return own === undefined || file === undefined ? [] : [languageModel(found, own, file)];
  });
  for (const model of models) checkVocabulary(settings.prompts ?? [], model);
  const dims = lengthsOf(settings, models);
  requireRoom(dims, settings, models);
  const protocol = { ...options.protocol, minRuns: settings.minRequests };
  return { models, settings, options: { ...options, protocol, axes: { ...options.axes, dims } } };
}

type Lengths = Readonly<Record<string, readonly number[]>>;

function lengthsOf({ promptTokens, newTokens, prompts }: LanguageSettings, models: readonly LanguageModel[]): Lengths {
  const room = Math.min(...models.map(({ contextLimit }) => contextLimit ?? Infinity));
  const asked = promptTokens.length > 0 ? promptTokens : null;
  const made = [Math.max(1, Math.min(usualPrompt, Math.floor((2 * room) / 3)))];
  const wanted = asked ?? (prompts === null ? made : null);
  const longest = Math.max(1, ...(wanted ?? prompts?.map(({ ids }) => ids.length) ?? []));
  const fitting = Math.max(2, Math.min(usualNew, room - longest + 1));
  return {
    ...(wanted !== null && { [promptDimension]: wanted }),
    [newDimension]: newTokens.length > 0 ? newTokens : [fitting],
  };
}

/** A sweep of which nothing fits any model is a mistake; of one that fits in part the rest is left out. */
function requireRoom(dims: Lengths, { prompts }: LanguageSettings, models: readonly LanguageModel[]): void {
  const lengths = dims[promptDimension] ?? [Math.max(...(prompts ?? []).map(({ ids }) => ids.length))];
  const [prompt, generated] = [Math.min(...lengths), Math.min(...(dims[newDimension] ?? []))];
  const [first] = models;
  if (first === undefined || models.some((model) => fitsContext(model, prompt, generated))) return;
  const { path: model, contextLimit: limit } = first;
  throw new UsageError('context-exceeded', { model, prompt, generated, limit: limit ?? 0 });
}

/** The last token that is written is not read any more. */
export function fitsContext({ contextLimit }: LanguageModel, prompt: number, generated: number): boolean {
  return contextLimit === null || prompt + generated - 1 <= contextLimit;
}
