import type { Label } from '../data/dataset.ts';
import { UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { EvaluatedModel } from './evaluate-options.ts';
import type { EvaluateWarning } from './evaluate-warning.ts';
import { samplesNotFinite } from './finite-outputs.ts';
import type { Metric, MetricScores, ScoredRun } from './metrics/metric.ts';
import type { BatchRuns, FinishedRun } from './run-batches.ts';
import { batchLengthOf, type SampleRows, sampleRows } from './sample-rows.ts';
import type { Task } from './task.ts';

/** The samples of a batch: their number, labels and where each comes from. */
export interface BatchSamples {
  readonly count: number;
  readonly labels: readonly Label[] | null;
  originOf(sample: number): string;
}

/** One output of a run by sample, the whole of it as one where no axis holds the samples; null for strings. */
export function rowsOf(
  { loaded, batchAxis }: EvaluatedModel,
  { feeds, outputs }: { readonly feeds: NamedTensors; readonly outputs: NamedTensors },
  { name, count }: { readonly name: string; readonly count: number },
): SampleRows | null {
  const tensor = outputs[name];
  if (tensor === undefined || tensor.type === 'string') return null;
  const output = loaded.signature.outputs.find((declared) => declared.name === name);
  const batchLength = batchLengthOf(loaded.signature, batchAxis, feeds);
  const declared = { output, batchAxis };
  const rows = sampleRows(tensor, { batchLength, count }, declared);
  return rows ?? sampleRows(tensor, { batchLength: 1, count: 1 }, { output: undefined, batchAxis });
}

/** A model's metrics, growing batch by batch, and what is odd about its outputs. */
export class ScoredModel {
  readonly #model: EvaluatedModel;
  readonly #task: Task;
  readonly #metrics: readonly Metric[];
  #notFinite = 0;
  #firstNotFinite = '';

  constructor(model: EvaluatedModel, task: Task, metrics: readonly Metric[]) {
    this.#model = model;
    this.#task = task;
    this.#metrics = metrics;
  }

  /** Throws DataError for a label that does not fit, UsageError when the model lacks the output that is scored. */
  add(runs: BatchRuns, samples: BatchSamples): void {
    const first = this.#scored(runs.first, samples);
    if (first === null) return;
    const windows = runs.windows.flatMap((run) => this.#scored(run, samples) ?? []);
    const pair = runs.pair === null ? null : this.#scored(runs.pair, samples);
    const { labels, originOf } = samples;
    for (const metric of this.#metrics) metric.add({ ...first, labels, originOf, pair, windows });
  }

  results(): readonly MetricScores[] {
    return this.#metrics.map((metric) => metric.result());
  }

  warnings(): readonly EvaluateWarning[] {
    const warnings: EvaluateWarning[] = [];
    const empty = this.#metrics.reduce((sum, metric) => sum + (metric.unscored?.() ?? 0), 0);
    if (empty > 0) warnings.push({ code: 'samples-without-tokens', details: { samples: empty } });
    if (this.#notFinite > 0) {
      const details = { model: this.#model.name, output: this.#task.output ?? '', samples: this.#notFinite };
      warnings.push({ code: 'outputs-not-finite', details: { ...details, first: this.#firstNotFinite } });
    }
    return warnings;
  }

  #scored(run: FinishedRun, { count, originOf }: BatchSamples): ScoredRun | null {
    const name = this.#task.output;
    if (name === null) return null;
    const rows = rowsOf(this.#model, run, { name, count });
    if (rows === null) {
      const what = `outputs of ${this.#model.name}`;
      throw new UsageError('unknown-name', { what, value: name, known: Object.keys(run.outputs) });
    }
    const bad = samplesNotFinite(rows, masksClasses(this.#task));
    const [first] = bad;
    if (first !== undefined && this.#notFinite === 0) this.#firstNotFinite = originOf(first);
    this.#notFinite += bad.length;
    return { rows, feeds: run.feeds, firstTarget: run.firstTarget };
  }
}

function masksClasses({ name }: Task): boolean {
  return name === 'classification' || name === 'ctc' || name === 'language-model';
}
