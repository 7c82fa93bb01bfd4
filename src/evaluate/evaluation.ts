import type { DatasetBatch } from '../data/dataset.ts';
import { ComparedOutputs } from './compared-outputs.ts';
import type { EvaluatedModel, EvaluateOptions } from './evaluate-options.ts';
import type { EvaluateWarning } from './evaluate-warning.ts';
import type { ClosenessRecords } from './closeness.ts';
import { metricsFor } from './metrics/metrics-for.ts';
import type { MetricScores } from './metrics/metric.ts';
import type { BatchRuns, FinishedBatch, FinishedRun } from './run-batches.ts';
import { type BatchSamples, ScoredModel } from './scored-model.ts';
import { hasTruth, settleTask } from './settle-task.ts';
import type { Task } from './task.ts';

/** What was scored and compared so far. */
export interface Collected {
  readonly task: Task;
  readonly metrics: readonly MetricScores[];
  /** The reference's, in the same order; null without one. */
  readonly referenceMetrics: readonly MetricScores[] | null;
  readonly closenessTo: 'reference' | 'expected' | null;
  readonly closeness: readonly ClosenessRecords[];
  readonly warnings: readonly EvaluateWarning[];
}

/** Everything that grows from batch to batch. It settles what is scored when it sees the first one. */
export class Evaluation {
  readonly #options: EvaluateOptions;
  readonly #task: Task;
  readonly #model: ScoredModel;
  readonly #reference: ScoredModel | null;
  readonly #compared = new ComparedOutputs();
  #hasExpected = false;

  /** Throws UsageError for a task, output or metric that does not fit the first batch. */
  constructor(options: EvaluateOptions, first: FinishedBatch) {
    const { task, rows } = settleTask(options.task, options.model, first);
    this.#options = options;
    this.#task = task;
    const isScored = rows !== null && hasTruth(task, first.batch.labels);
    const scored = (model: EvaluatedModel): ScoredModel => {
      const isPaired = first.batch.pair !== undefined;
      return new ScoredModel(model, task, isScored ? metricsFor(task.name, options.task, { rows, isPaired }) : []);
    };
    this.#model = scored(options.model);
    this.#reference = options.reference === null ? null : scored(options.reference);
  }

  /** Outputs that later runs must return; null for all. */
  get outputs(): readonly string[] | null {
    const { output } = this.#task;
    return this.#reference !== null || this.#hasExpected || output === null ? null : [output];
  }

  /** Throws DataError for labels that do not fit, UsageError for outputs that cannot be compared. */
  add({ batch, model, reference }: FinishedBatch): void {
    const samples = this.#samplesOf(batch);
    this.#model.add(model, samples);
    if (reference !== null) this.#reference?.add(reference, samples);
    const expected = reference === null ? expectedRuns(batch, model) : runsOf(reference);
    if (expected === null) return;
    this.#hasExpected ||= reference === null;
    const { model: compared, reference: referenceModel } = this.#options;
    const found = reference === null ? [model.first] : runsOf(model);
    this.#compared.add({ model: compared, found, reference: referenceModel, expected, count: samples.count });
  }

  collect(): Collected {
    const isCompared = this.#reference !== null || this.#hasExpected;
    const from = this.#reference === null ? 'expected' : 'reference';
    return {
      task: this.#task,
      metrics: this.#model.results(),
      referenceMetrics: this.#reference?.results() ?? null,
      closenessTo: isCompared ? from : null,
      closeness: this.#compared.records(),
      warnings: [...this.#model.warnings(), ...this.#referenceWarnings(), ...this.#compared.warnings()],
    };
  }

  /** What is odd about the data was said of the model. */
  #referenceWarnings(): readonly EvaluateWarning[] {
    return (this.#reference?.warnings() ?? []).filter(({ code }) => code !== 'samples-without-tokens');
  }

  #samplesOf(batch: DatasetBatch): BatchSamples {
    const { dataset } = this.#options;
    const { indices, labels } = batch;
    return { count: indices.length, labels, originOf: (sample) => dataset.originOf(indices[sample] ?? 0) };
  }
}

function runsOf({ first, pair, windows }: BatchRuns): readonly FinishedRun[] {
  return [first, ...windows, ...(pair === null ? [] : [pair])];
}

/** Outputs from the data, as if a model had returned them. */
function expectedRuns({ expected }: DatasetBatch, { first, windows }: BatchRuns): readonly FinishedRun[] | null {
  if (expected === null || windows.length > 0) return null;
  return [{ feeds: first.feeds, outputs: expected, firstTarget: 1 }];
}
