import { createRandom } from '../stats/seeded-random.ts';
import type { EvaluateOptions } from './evaluate-options.ts';
import type { EvaluateFindings, Throughput } from './evaluate-result.ts';
import type { EvaluateWarning } from './evaluate-warning.ts';
import { type Collected, Evaluation } from './evaluation.ts';
import { judgeAgainstReference, judgeCloseness } from './judge-goals.ts';
import { metricValue } from './metric-value.ts';
import { DataError } from '../errors.ts';
import { runBatches } from './run-batches.ts';
import { checkGoals, unjudged } from './check-goals.ts';
import { summarizeCloseness } from './summarize-closeness.ts';
import { summarizeMetric } from './summarize-metric.ts';
import { TimedModel } from './timed-model.ts';
import { worstOf } from './verdict-of.ts';

/**
 * Runs a model, and the one it is held against, over a dataset: metrics where there are labels, closeness where there
 * is a reference, verdicts where there are goals. What was run before an abort is returned as interrupted; without a
 * finished batch the signal's reason is thrown.
 * @throws UsageError for a task, output, metric or goal that does not fit; DataError for labels that do not, naming the
 * sample, and for data without samples; ModelError and RuntimeError of the runs
 */
export async function evaluateModels(options: EvaluateOptions): Promise<EvaluateFindings> {
  const { nowMs, signal } = options;
  checkGoals(options, null);
  const startMs = nowMs();
  const model = new TimedModel(options.model, nowMs);
  const reference = options.reference === null ? null : new TimedModel(options.reference, nowMs);
  let samples = 0;
  let evaluation: Evaluation | null = null;
  const outputsOf = ({ model }: TimedModel) => evaluation?.outputs ?? answersOf(model.loaded.signature.outputs);
  const plan = { model, reference, context: options.task.context, signal, outputsOf };
  for await (const finished of runBatches(options.batches, plan)) {
    if (evaluation === null) checkGoals(options, finished.batch);
    evaluation ??= new Evaluation(options, finished);
    evaluation.add(finished);
    finished.batch.recycle?.();
    samples += finished.batch.indices.length;
    options.onProgress?.({ samples, of: options.samples, modelMs: model.busyMs });
  }
  if (evaluation === null) {
    signal?.throwIfAborted();
    throw new DataError('data-missing', { path: options.dataset.path, problem: 'it holds no samples' });
  }
  const figures = summarize(evaluation.collect(), options);
  const referenceThroughput = reference === null ? null : throughputOf(samples, reference);
  const times = { throughput: throughputOf(samples, model), referenceThroughput, elapsedMs: nowMs() - startMs };
  const interrupted = signal?.aborted === true && samples < options.samples;
  return { ...figures, samples, ...times, interrupted, verdict: interrupted ? null : figures.verdict };
}

/** A key-value cache is as large as all activations and says nothing that the logits do not. */
function answersOf(outputs: readonly { readonly name: string }[]): readonly string[] | null {
  const answers = outputs.map(({ name }) => name).filter((name) => !/^present/i.test(name));
  return answers.length === 0 || answers.length === outputs.length ? null : answers;
}

function throughputOf(samples: number, { busyMs }: TimedModel): Throughput {
  return { itemsPerSecond: busyMs > 0 ? (1000 * samples) / busyMs : null, modelMs: busyMs };
}

type Figures = Omit<EvaluateFindings, 'samples' | 'throughput' | 'referenceThroughput' | 'elapsedMs' | 'interrupted'>;

function summarize(collected: Collected, options: EvaluateOptions): Figures {
  const { seed, maxDrop, minSqnrDb } = options;
  const { task, metrics, referenceMetrics, closeness, closenessTo } = collected;
  const drop = maxDrop === null ? null : judgeAgainstReference(collected, maxDrop, seed);
  const sqnr = minSqnrDb === null ? null : judgeCloseness(collected, minSqnrDb, seed);
  const open = unjudged(options, { drop, sqnr });
  const verdicts = [drop, sqnr].flatMap((goal) => (goal === null ? [] : [goal.verdict]));
  return {
    task,
    metrics: metrics.map((metric, i) =>
      summarizeMetric(metric, referenceMetrics?.[i] ?? null, createRandom(seed, 'metric', metric.name)),
    ),
    closenessTo,
    closeness: closeness.map((records) => summarizeCloseness(records, createRandom(seed, 'closeness', records.output))),
    drop,
    sqnr,
    verdict: worstOf(open.length > 0 ? [...verdicts, 'inconclusive'] : verdicts),
    warnings: [...collected.warnings, ...open, ...oddities(collected, options)],
  };
}

function oddities({ task, metrics, referenceMetrics }: Collected, options: EvaluateOptions): EvaluateWarning[] {
  const warnings: EvaluateWarning[] = [];
  if (options.dataset.hasLabels && metrics.length === 0)
    warnings.push({ code: 'labels-unused', details: { reason: task.reason } });
  const [base] = referenceMetrics ?? [];
  const value = base === undefined ? 1 : metricValue(base);
  if (options.maxDrop?.kind === 'relative' && base !== undefined && value <= 0) {
    warnings.push({ code: 'relative-drop-undefined', details: { metric: base.name, reference: value } });
  }
  return warnings;
}
