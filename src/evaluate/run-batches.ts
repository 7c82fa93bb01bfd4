import type { DatasetBatch } from '../data/dataset.ts';
import { InferError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { TimedModel } from './timed-model.ts';
import { tokenWindows } from './token-windows.ts';

/** One run of a model over a batch: all of it, its second texts, or a window of longer sequences. */
export interface FinishedRun {
  readonly feeds: NamedTensors;
  readonly outputs: NamedTensors;
  /** Language models: the first token that counts as predicted in this run. */
  readonly firstTarget: number;
}

/** What a model returned for a batch. */
export interface BatchRuns {
  readonly first: FinishedRun;
  /** Over the second texts of pairs. */
  readonly pair: FinishedRun | null;
  readonly windows: readonly FinishedRun[];
}

export interface FinishedBatch {
  readonly batch: DatasetBatch;
  readonly model: BatchRuns;
  readonly reference: BatchRuns | null;
}

export interface RunPlan {
  readonly model: TimedModel;
  readonly reference: TimedModel | null;
  readonly context: number | null;
  readonly signal: AbortSignal | undefined;
  /** Outputs wanted of the next runs; null for all. */
  outputsOf(model: TimedModel): readonly string[] | null;
}

/** Batches that are on their way at a time: the next is sent while one runs. */
const inFlight = 2;

/**
 * Runs batches in order, the next one being read and sent while one is scored. A model and its reference take turns, so
 * that neither slows the other down. Ends early, without an error, when the signal is aborted.
 * @throws ModelError or RuntimeError; whatever reading the batches throws
 */
export async function* runBatches(
  batches: AsyncIterable<DatasetBatch>,
  plan: RunPlan,
): AsyncGenerator<FinishedBatch, void, undefined> {
  const pending: Promise<FinishedBatch>[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  const start = (batch: DatasetBatch): Promise<FinishedBatch> => {
    const before = turn;
    const finished = plan.reference === null ? runBatch(batch, plan) : before.then(() => runBatch(batch, plan));
    turn = finished.catch(() => undefined);
    return finished;
  };
  try {
    for await (const batch of batches) {
      if (plan.signal?.aborted === true) break;
      pending.push(start(batch));
      if (pending.length < inFlight) continue;
      const finished = await unlessAborted(pending.shift(), plan.signal);
      if (finished !== null) yield finished;
    }
    while (pending.length > 0) {
      const finished = await unlessAborted(pending.shift(), plan.signal);
      if (finished !== null) yield finished;
    }
  } finally {
    await Promise.allSettled(pending);
  }
}

/** Null for what an abort cut off, which is no error of the model. */
async function unlessAborted(run: Promise<FinishedBatch> | undefined, signal: AbortSignal | undefined) {
  try {
    return (await run) ?? null;
  } catch (error) {
    if (signal?.aborted === true) return null;
    throw error;
  }
}

async function runBatch(batch: DatasetBatch, plan: RunPlan): Promise<FinishedBatch> {
  const { model, reference } = plan;
  const found = await runModel(batch, model, plan);
  return { batch, model: found, reference: reference === null ? null : await runModel(batch, reference, plan) };
}

async function runModel(batch: DatasetBatch, timed: TimedModel, plan: RunPlan): Promise<BatchRuns> {
  const outputs = plan.outputsOf(timed);
  const runOne = async (feeds: NamedTensors, firstTarget: number): Promise<FinishedRun> => {
    return { feeds, outputs: await timed.run(feeds, outputs), firstTarget };
  };
  const [{ feeds, firstTarget }, ...rest] = windowsOf(timed.model.adapt(batch.feeds), plan.context);
  const first = await withContextHint(runOne(feeds, firstTarget), plan.context);
  const windows: FinishedRun[] = [];
  for (const window of rest) windows.push(await runOne(window.feeds, window.firstTarget));
  const pair = batch.pair === undefined ? null : await runOne(timed.model.adapt(batch.pair), 1);
  return { first, pair, windows };
}

type Windows = readonly [ReturnType<typeof tokenWindows>[number], ...ReturnType<typeof tokenWindows>];

function windowsOf(feeds: NamedTensors, context: number | null): Windows {
  const [first = { feeds, firstTarget: 1 }, ...rest] = tokenWindows(feeds, context);
  return [first, ...rest];
}

/** A language model fails deep inside on what is longer than its context: the cure is not in the runtime's words. */
async function withContextHint(run: Promise<FinishedRun>, context: number | null): Promise<FinishedRun> {
  return run.catch((error: unknown) => {
    if (
      context === null &&
      error instanceof InferError &&
      /out of bounds|indices element|Gather/i.test(error.message)
    ) {
      error.withHint('if the sequences are longer than the model takes, split them with --context N');
    }
    throw error;
  });
}
