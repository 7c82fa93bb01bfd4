import type { PairUse } from '../data/dataset-options.ts';
import type { InputValue } from '../data/input-value.ts';
import type { Preprocess } from '../data/preprocess.ts';
import type { DropLimit } from '../evaluate/drop-limit.ts';
import type { EvaluateResult } from '../evaluate/evaluate-result.ts';
import type { TaskRequest } from '../evaluate/task.ts';
import type { LoadedModel, ModelRunner } from '../runtime/model-runner.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { OptimizationLevel, Runtime } from '../runtime/runtime.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import type { Envelope } from './envelope.ts';
import type { EvaluateEvent } from './evaluate-event.ts';
import { type EvaluatedOnData, evaluateOnData } from './evaluate-on-data.ts';
import { identifyModel } from './identify-model.ts';
import { locateOperator } from './locate-operator.ts';
import { miscomputedIn } from './miscomputed.ts';
import { requireProvider } from './require-provider.ts';
import { runnableModels } from './runnable-models.ts';
import { undecidedGoals } from './undecided-goals.ts';

export interface EvaluateRequest {
  readonly modelPath: string;
  readonly referencePath: string | null;
  readonly dataPath: string;
  /** How many samples to use, chosen by the seed; null for all. */
  readonly samples: number | null;
  /** Samples a run; null for as many as suit model and memory. */
  readonly batch: number | null;
  /** The dimension that is the batch, where it is not the one that its name or place tells. */
  readonly batchDimension: string | undefined;
  readonly task: TaskRequest;
  readonly goal: EvaluateGoal;
  readonly provider: ProviderName;
  /** Path of the browser for the providers in one; found unless given. */
  readonly browser?: string;
  readonly strictProvider: boolean;
  /** Null for as many as there are usable cores. */
  readonly threads: number | null;
  /** `--dim`: lengths of symbolic dimensions, by name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** `--shape`: whole shapes, by input. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** `--input`: the same for all samples. */
  readonly values: Readonly<Record<string, InputValue>>;
  readonly preprocess: Preprocess | null;
  /** What is done with pairs of texts; null for what suits the model. */
  readonly pairs: PairUse | null;
  /** Path of a tokenizer.json. */
  readonly tokenizer: string | null;
  readonly seed: number;
  readonly timeoutMs: number;
}

export interface EvaluateGoal {
  /** As it was asked for, and as it is meant. */
  readonly maxDrop: { readonly text: string; readonly limit: DropLimit } | null;
  readonly minSqnrDb: number | null;
  /** Whether to warn where the samples are too few for a verdict. */
  readonly warnsOfDoubt: boolean;
}

export interface EvaluateContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EvaluateEvent) => void;
}

/** As whoever serves the model runs it. */
const optimization: OptimizationLevel = 'all';

/**
 * Scores a model on data, beside another one if given. What was scored before an interruption is a result that says so.
 * Throws UsageError, ModelError, DataError and RuntimeError.
 */
export async function evaluate(request: EvaluateRequest, context: EvaluateContext): Promise<EvaluateResult> {
  const { modelPath, referencePath, provider, goal } = request;
  const model = await identity(modelPath);
  const reference = referencePath === null ? null : await identity(referencePath);
  const environment = await context.runtime.environment();
  await requireProvider(provider, context.runtime, request.browser);
  const threads = request.threads ?? environment.cpu.usableCores;
  const { findings, data, settings } = await withModels(request, { ...context, threads });
  return {
    ...context.envelope,
    kind: 'evaluate',
    environment,
    ...findings,
    warnings: [
      ...pathsOf(request).flatMap((path) => miscomputedIn({ path, ep: provider })),
      ...findings.warnings,
      ...(goal.warnsOfDoubt ? undecidedGoals(findings) : []),
    ],
    model,
    reference,
    data,
    settings: { ...settings, threads, ep: provider, optimization },
    goal: { maxDrop: goal.maxDrop?.text ?? null, minSqnrDb: goal.minSqnrDb },
  };
}

function pathsOf({ modelPath, referencePath }: EvaluateRequest): readonly string[] {
  return [modelPath, ...(referencePath === null ? [] : [referencePath])];
}

async function identity(path: string): Promise<EvaluateResult['model']> {
  const { sha256, sizeBytes } = await identifyModel(path);
  return { path, sha256, sizeBytes };
}

/** Both models in one process, one run at a time: two processes with threads on every core would fight for them. */
async function withModels(
  request: EvaluateRequest,
  context: EvaluateContext & { readonly threads: number },
): Promise<EvaluatedOnData> {
  const { provider, strictProvider, timeoutMs, modelPath, referencePath } = request;
  const { runtime, threads, signal, onEvent } = context;
  const runnable = await runnableModels(pathsOf(request), runtime, thisWorkplace());
  try {
    const place = request.browser === undefined ? {} : { browser: request.browser };
    const runner = await runtime.openRunner({ threads, provider, strictProvider, timeoutMs, ...place }, signal);
    try {
      const load = async (path: string) => {
        onEvent({ kind: 'loading', model: path });
        return { path, loaded: await loadFile(runner, runnable.pathOf(path), path) };
      };
      const model = await load(modelPath);
      const reference = referencePath === null ? null : await load(referencePath);
      return await evaluateOnData({ model, reference }, request, context);
    } finally {
      await runner.close();
    }
  } finally {
    runnable.dispose();
  }
}

async function loadFile(runner: ModelRunner, path: string, name: string): Promise<LoadedModel> {
  try {
    return await runner.load({ path }, { name, optimization });
  } catch (error) {
    throw locateOperator(error);
  }
}
