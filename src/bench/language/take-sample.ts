import type { GenerationRequest } from '../../runtime/generation/generation.ts';
import type { Session } from '../../runtime/runtime.ts';
import type { TextSample } from '../bench-result.ts';
import type { LanguageModel } from './language-model.ts';
import type { LanguageSettings } from './language-settings.ts';
import { writerOf } from './writer-of.ts';

export interface SampleRequest {
  readonly first: GenerationRequest;
  readonly settings: LanguageSettings;
}

/** What is written after the first prompt, and whether running the whole text anew writes the same for all of them. */
export async function takeSample(
  session: Session,
  { generation }: LanguageModel,
  { first, settings: { decode } }: SampleRequest,
): Promise<TextSample> {
  const write = async (useCache: boolean) => (await writerOf(session).generate(generation, { ...first, useCache })).ids;
  const written = await write(true);
  const canCompare = generation.cache.length > 0 && generation.ids.fixedLength === null;
  const [prompt, generated] = [[...(first.prompts[0] ?? [])], [...(written[0] ?? [])]];
  return {
    prompt,
    generated,
    matchesUncached: canCompare ? JSON.stringify(written) === JSON.stringify(await write(false)) : null,
    ...(decode !== null && { promptText: decode(prompt), text: decode(generated) }),
  };
}
