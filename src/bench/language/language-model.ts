import type { BatchAxis } from '../../data/batch-axis.ts';
import { ModelError } from '../../errors.ts';
import type { GenerationModel } from '../../runtime/generation/generation-model.ts';
import type { ModelFile } from '../bench-options.ts';
import type { ModelInputs } from '../case-inputs.ts';
import { bytesPerToken, stateBytes } from './pair-cache.ts';
import type { Recognition } from './recognize.ts';

/** A model that writes text, and what of it a plan must keep to. */
export interface LanguageModel {
  readonly path: string;
  readonly generation: GenerationModel;
  readonly batchAxis: BatchAxis;
  /** Token ids are below this; null where nothing tells. */
  readonly vocabulary: number | null;
  /** Tokens that it has positions for; null where nothing tells. */
  readonly contextLimit: number | null;
  /** Growth of the cache of one sequence by a token; null without a cache. */
  readonly kvBytesPerToken: number | null;
  /** Of one sequence, what of the cache does not grow. */
  readonly stateBytes: number;
}

/** Throws ModelError `cache-mismatch` or `not-a-decoder`. */
export function languageModel(recognized: Recognition, inputs: ModelInputs, file: ModelFile): LanguageModel {
  const { path } = inputs;
  if (recognized.kind === 'broken') throw new ModelError('cache-mismatch', { path, ...recognized.mismatch });
  if (recognized.kind === 'other') throw new ModelError('not-a-decoder', { path, problem: recognized.problem });
  const { model: generation, batch } = recognized;
  const limits = [file.contextLimit, generation.cache.length === 0 ? generation.ids.fixedLength : null];
  const known = limits.filter((limit) => typeof limit === 'number');
  return {
    path,
    generation,
    batchAxis:
      typeof batch === 'number' ? { kind: 'fixed', size: batch } : { kind: 'symbolic', dimension: batch, also: [] },
    vocabulary: vocabularyOf(inputs, generation),
    contextLimit: known.length === 0 ? null : Math.min(...known),
    kvBytesPerToken: bytesPerToken(generation.cache),
    stateBytes: stateBytes(generation.cache),
  };
}

/** Rows of the embedding, or else as many tokens as there are logits for. */
function vocabularyOf({ integerLimits, signature }: ModelInputs, { ids, logits }: GenerationModel): number | null {
  const width = signature.outputs.find(({ name }) => name === logits)?.shape.at(-1);
  return integerLimits[ids.name] ?? (typeof width === 'number' ? width : null);
}
