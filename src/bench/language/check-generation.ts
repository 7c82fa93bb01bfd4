import { compareOutputs } from '../../compute/compare-outputs.ts';
import type { OutputComparison, Tolerance } from '../../compute/compare-outputs.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { RuntimeError } from '../../errors.ts';
import type { GenerationReport, GenerationRequest, GenerationSession } from '../../runtime/generation/generation.ts';
import type { LanguageModel } from './language-model.ts';

export interface GenerationCheck {
  readonly model: LanguageModel;
  readonly request: GenerationRequest;
  /** The CPU's logits and tokens of the same check; null on the CPU. */
  readonly reference: NamedTensors | null;
  /** Of other providers' logits from the CPU's. */
  readonly tolerance: Tolerance;
}

export interface CheckedGeneration {
  /** Logits of the check, and the tokens as their argmax tells. */
  readonly logits: NamedTensors;
  readonly versusCpu: OutputComparison | null;
  /** Null for models without a cache, and for those that take one token a run. */
  readonly versusUncached: OutputComparison | null;
}

/** Enough to look back at tokens of the prompt and of one's own. */
const checkedPrompt = 8;
const checkedTokens = 8;

/** What a cache may change: the order of sums. Half precision has three digits. */
const cacheTolerance = { single: { absolute: 1e-4, relative: 1e-4 }, half: { absolute: 2e-2, relative: 2e-2 } };

/**
 * Writes a few tokens after the start of a prompt and compares the logits of each: with those of running the whole text
 * anew, where the model has a cache, and with the CPU's. Both go on with the same tokens, so that one that is nearly as
 * likely as another does not set them apart.
 */
export async function checkGeneration(session: GenerationSession, check: GenerationCheck): Promise<CheckedGeneration> {
  const { model, request, reference, tolerance } = check;
  const short = shortened(request);
  const cached = await session.generate(model.generation, { ...short, ...followed(reference) });
  const logits = tensorsOf(cached, short);
  requireFinite(logits, model.path);
  return {
    logits,
    versusCpu: reference === null ? null : compareOutputs(pick(logits), pick(reference), tolerance),
    versusUncached: await compareUncached(session, { model, short, logits }),
  };
}

/** Names what is checked of a request: those of one length do for longer ones that begin alike. */
export function checkKey(request: GenerationRequest): string {
  const { prompts, newTokens } = shortened(request);
  return JSON.stringify([prompts, newTokens]);
}

function shortened(request: GenerationRequest): GenerationRequest {
  return {
    prompts: request.prompts.map((prompt) => prompt.slice(0, checkedPrompt)),
    newTokens: Math.min(checkedTokens, request.newTokens),
    stopIds: [],
    useCache: true,
    keepLogits: true,
  };
}

interface Uncached {
  readonly model: LanguageModel;
  readonly short: GenerationRequest;
  readonly logits: NamedTensors;
}

async function compareUncached(
  session: GenerationSession,
  { model: { generation }, short, logits }: Uncached,
): Promise<OutputComparison | null> {
  if (generation.cache.length === 0 || generation.ids.fixedLength !== null) return null;
  const anew = await session.generate(generation, { ...short, useCache: false, ...followed(logits) });
  const isHalf = generation.cache.some(({ type }) => type !== 'float32');
  const tolerance = isHalf ? cacheTolerance.half : cacheTolerance.single;
  return compareOutputs(pick(logits), pick(tensorsOf(anew, short)), tolerance);
}

/** Logits by token, sequence and vocabulary; and the tokens, by sequence. */
function tensorsOf({ logits, ids }: GenerationReport, { prompts, newTokens }: GenerationRequest): NamedTensors {
  const data = logits ?? new Float32Array();
  const rows = prompts.length * newTokens;
  return {
    logits: { type: 'float32', dims: [newTokens, prompts.length, Math.floor(data.length / rows)], data },
    ids: { type: 'int32', dims: [prompts.length, newTokens], data: Int32Array.from(ids.flat()) },
  };
}

function pick({ logits }: NamedTensors): NamedTensors {
  return logits === undefined ? {} : { logits };
}

/** The tokens of a check, to go on with in another. */
function followed(reference: NamedTensors | null): Pick<GenerationRequest, 'follow'> {
  const ids = reference?.['ids'];
  if (ids === undefined) return {};
  const [sequences = 0, tokens = 0] = ids.dims;
  const flat = Array.from(ids.data, Number);
  return {
    follow: Array.from({ length: sequences }, (_, row) => flat.slice(row * tokens, (row + 1) * tokens)),
  };
}

function requireFinite({ logits }: NamedTensors, model: string): void {
  if (logits?.data instanceof Float32Array && logits.data.some((value) => Number.isNaN(value)))
    throw new RuntimeError('logits-not-numbers', { model });
}
