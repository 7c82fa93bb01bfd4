import type { BenchResult, Point } from '../../bench/bench-result.ts';
import { RuntimeError, UsageError } from '../../errors.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { BenchRequest } from '../bench.ts';
import { bench } from '../bench.ts';
import type { CostEvent } from '../cost-event.ts';
import type { Envelope } from '../envelope.ts';
import { failureProblem } from '../failure-problem.ts';

export interface MeasuringContext {
  readonly openRuntime: () => Promise<Runtime>;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: CostEvent) => void;
}

/**
 * Measures models over the batches that were asked for, those that allow none of them at their own.
 * @throws ModelError, RuntimeError where a model could not be measured at all; the signal's reason when it was stopped
 */
export async function measureModels(request: BenchRequest, context: MeasuringContext): Promise<readonly BenchResult[]> {
  const runtime = await context.openRuntime();
  const run = (models: readonly string[], batches: readonly number[]): Promise<BenchResult> =>
    bench({ ...request, models, batches }, { ...context, runtime, onCheckpoint: () => undefined });
  const first = await run(request.models, request.batches);
  const stuck = request.models.filter((_, index) => isStuck(first, index));
  const results = [first, ...(stuck.length === 0 ? [] : [await run(stuck, [])])].map(withoutOtherBatches);
  context.signal.throwIfAborted();
  for (const path of request.models) requireMeasured(path, results);
  return results.filter(({ points }) => points.length > 0);
}

/** A model whose batch is fixed to another length than those that were asked for. */
function isStuck({ points }: BenchResult, index: number): boolean {
  return points.filter(({ modelIndex }) => modelIndex === index).every(isOtherBatch);
}

function isOtherBatch({ reason }: Point): boolean {
  return reason?.code === 'fixed-batch' || reason?.code === 'no-batch-axis';
}

/** The batches are ours to choose: that a model allows fewer of them is nothing to tell. */
function withoutOtherBatches(result: BenchResult): BenchResult {
  return { ...result, points: result.points.filter((point) => !isOtherBatch(point)) };
}

function requireMeasured(path: string, results: readonly BenchResult[]): void {
  const points = results.flatMap((result) => result.points.filter(({ model }) => model === path));
  if (points.some(({ status }) => status === 'ok')) return;
  const failed = points.find(({ status }) => status === 'failed');
  if (failed?.reason != null) {
    const problem = failureProblem(failed.reason, path);
    throw new RuntimeError('run-failed', { model: path, provider: failed.ep, problem });
  }
  const expected = `enough to measure ${path} once at each batch`;
  const budgetMs = results[0]?.settings.budgetMs ?? 0;
  throw new UsageError('bad-value', { flag: '--budget', value: `${budgetMs}ms`, expected });
}
