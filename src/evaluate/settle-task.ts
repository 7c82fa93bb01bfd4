import { UsageError } from '../errors.ts';
import { chooseOutput } from './choose-output.ts';
import type { EvaluatedModel } from './evaluate-options.ts';
import { checkTask, guessTask } from './guess-task.ts';
import type { FinishedBatch } from './run-batches.ts';
import type { SampleRows } from './sample-rows.ts';
import { rowsOf } from './scored-model.ts';
import type { Task, TaskRequest } from './task.ts';

/** The task, and the first batch's rows of the output it scores. */
export interface SettledTask {
  readonly task: Task;
  /** Null where nothing is scored. */
  readonly rows: SampleRows | null;
}

/**
 * The task that was asked for, checked against what the model returned, or the one guessed from it.
 * @throws UsageError for a task, output or metric that does not fit
 */
export function settleTask(request: TaskRequest, model: EvaluatedModel, first: FinishedBatch): SettledTask {
  const { batch } = first;
  const asked = request.name !== null;
  const { feeds, outputs } = first.model.first;
  const needed = asked ? request.name !== 'none' : batch.labels !== null;
  const output = chooseOutput({ model: model.name, outputs, asked: request.outputName, needed });
  const rows =
    output === null ? null : rowsOf(model, { feeds, outputs }, { name: output, count: batch.indices.length });
  if (output === null || rows === null) {
    if (output !== null && needed)
      throw new UsageError('bad-value', { flag: '--output-name', value: output, expected: scorable });
    return { task: { name: 'none', asked, reason: asked ? 'asked' : 'nothing-fits', output: null }, rows: null };
  }
  checkRows(output, rows, first);
  const evidence = { output, rows, feeds, labels: batch.labels, isPaired: batch.pair !== undefined };
  if (request.name === null) return { task: { ...guessTask(evidence), asked, output }, rows };
  checkTask(request.name, evidence);
  return { task: { name: request.name, asked, reason: 'asked', output }, rows };
}

const scorable = 'an output that can be scored, for it holds text';

/** Whether the task's metrics can be told: language models are their own labels. */
export function hasTruth({ name }: Task, labels: unknown): boolean {
  return name === 'language-model' || (name !== 'none' && labels !== null);
}

/** Labels need a row each. */
function checkRows(output: string, rows: SampleRows, { batch }: FinishedBatch): void {
  if (batch.labels === null || rows.count === batch.indices.length) return;
  const expected = `an output with one row a sample, which its shape [${rows.dims.join(', ')}] has not`;
  throw new UsageError('bad-value', { flag: '--output-name', value: output, expected });
}
