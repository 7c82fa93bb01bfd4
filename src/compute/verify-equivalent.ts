import type { InputRequest } from '../data/input-request.ts';
import type { Finding } from '../errors.ts';
import { checkGraph } from '../onnx/check.ts';
import type { Model } from '../onnx/model.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { LoadedModel, ModelRunner, ModelSource } from '../runtime/model-runner.ts';
import type { OptimizationLevel } from '../runtime/runtime.ts';
import type { Tolerance } from './compare-outputs.ts';
import type { ComparedRun, OutputEquivalence } from './equivalence.ts';
import { compareRuns, rewriteTolerance } from './equivalence.ts';
import type { ReferenceRun } from './reference-runs.ts';
import { isRuntimeFailure, referenceRuns } from './reference-runs.ts';

export interface ComparedModel {
  readonly source: ModelSource;
  /** What errors call it. */
  readonly name: string;
  /** Its graph, to be checked as well; null where it is not at hand. */
  readonly model: Model | null;
}

export interface VerifyOptions {
  readonly runner: ModelRunner;
  readonly original: ComparedModel;
  readonly rewritten: ComparedModel;
  /** What to feed the original: `poolSize` synthetic sets, and samples where there are any. */
  readonly request: (signature: ModelSignature) => InputRequest | Promise<InputRequest>;
  /** `rewriteTolerance` unless given; it says what the numbers mean. */
  readonly tolerance?: Tolerance;
  /** Further runs for the rewritten model alone, made of those of the original: a batch of them, say. */
  readonly furtherRuns?: (runs: readonly ReferenceRun[]) => readonly ReferenceRun[];
}

/** Whether a rewritten model still computes what the original does. */
export type Equivalence =
  | {
      readonly status: 'equal' | 'different';
      /** Sets of inputs that the original took, and how many of them come from data. */
      readonly inputs: number;
      readonly fromData: number;
      readonly tolerance: Tolerance;
      readonly outputs: readonly OutputEquivalence[];
      /** Why the rewritten model could not be loaded or run, though the original was. */
      readonly failure: Finding | null;
    }
  /** The original itself cannot be loaded or run. */
  | { readonly status: 'skipped'; readonly reason: Finding };

/**
 * Runs both models on the same inputs, as they are written (the runtime's own rewrites round in ways of their own), and
 * compares the outputs; then runs the rewritten one with all optimizations, as it will be used.
 * @throws GraphCheckError for a graph that contradicts itself, UsageError and DataError for the inputs
 */
export async function verifyEquivalent(options: VerifyOptions): Promise<Equivalence> {
  const { runner, original, rewritten, request, tolerance = rewriteTolerance } = options;
  for (const { model } of [original, rewritten]) if (model !== null) checkGraph(model);
  const reference = await attempt(() =>
    withModel(original, { runner }, async (loaded) => referenceRuns(loaded, await request(loaded.signature))),
  );
  if ('failure' in reference) return { status: 'skipped', reason: reference.failure };
  const runs = reference.value;
  const told = { inputs: runs.length, fromData: runs.filter(({ isData }) => isData).length, tolerance };
  const all = [...runs, ...(options.furtherRuns?.(runs) ?? [])];
  const found = await attempt(() => withModel(rewritten, { runner }, (loaded) => repeat(loaded, all)));
  if ('failure' in found) return { ...told, status: 'different', outputs: [], failure: found.failure };
  const outputs = await withoutRandom(compareRuns(found.value, tolerance), { ...options, tolerance, runs });
  if (!outputs.every(({ matches }) => matches)) return { ...told, status: 'different', outputs, failure: null };
  const failure = await optimizedFailure(runs, options);
  return { ...told, status: failure === null ? 'equal' : 'different', outputs, failure };
}

async function repeat(loaded: LoadedModel, runs: readonly ReferenceRun[]): Promise<readonly ComparedRun[]> {
  const compared: ComparedRun[] = [];
  for (const { feeds, expected } of runs) compared.push({ found: await loaded.run(feeds), expected });
  return compared;
}

interface Repetition extends Pick<VerifyOptions, 'runner' | 'original'> {
  readonly tolerance: Tolerance;
  readonly runs: readonly ReferenceRun[];
}

/** Lets off the outputs that the original itself does not give a second time. */
async function withoutRandom(
  outputs: readonly OutputEquivalence[],
  { runner, original, tolerance, runs }: Repetition,
): Promise<readonly OutputEquivalence[]> {
  if (outputs.every(({ matches }) => matches)) return outputs;
  const again = await withModel(original, { runner }, async (loaded) => {
    // One run ahead: onnxruntime's random numbers begin alike in every session.
    await loaded.shapes(runs[0]?.feeds ?? {});
    return repeat(loaded, runs);
  });
  const changing = compareRuns(again, tolerance).filter(({ matches }) => !matches);
  const random = new Set(changing.map(({ name }) => name));
  return outputs.map((output) => (random.has(output.name) ? { ...output, matches: true, random: true } : output));
}

/** Why the rewritten model fails with all optimizations on; null when it does not, or when the original fails too. */
async function optimizedFailure(
  [first]: readonly ReferenceRun[],
  { runner, original, rewritten }: VerifyOptions,
): Promise<Finding | null> {
  const tryOut = (model: ComparedModel) =>
    attempt(() => withModel(model, { runner, optimization: 'all' }, (loaded) => loaded.shapes(first?.feeds ?? {})));
  const outcome = await tryOut(rewritten);
  if (!('failure' in outcome)) return null;
  return 'failure' in (await tryOut(original)) ? null : outcome.failure;
}

async function withModel<Result>(
  { source, name }: ComparedModel,
  { runner, optimization = 'disabled' }: { readonly runner: ModelRunner; readonly optimization?: OptimizationLevel },
  use: (loaded: LoadedModel) => Promise<Result>,
): Promise<Result> {
  const loaded = await runner.load(source, { name, optimization });
  try {
    return await use(loaded);
  } finally {
    await loaded.release();
  }
}

/** What the runtime refuses becomes a finding; what the user must mend passes through. */
async function attempt<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly failure: Finding }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (isRuntimeFailure(error)) return { failure: error.finding };
    throw error;
  }
}
