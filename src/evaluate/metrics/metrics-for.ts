import { UsageError } from '../../errors.ts';
import type { SampleRows } from '../sample-rows.ts';
import type { TaskName, TaskRequest } from '../task.ts';
import { accuracy } from './accuracy.ts';
import { binaryLog, classesOf, multiClassLog } from './class-decisions.ts';
import { exactMatch } from './exact-match.ts';
import { macroF1 } from './macro-f1.ts';
import type { Metric, MetricName } from './metric.ts';
import { perplexity } from './perplexity.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { meanCosine, meanSquaredError } from './row-metrics.ts';
import { topK } from './top-k.ts';

/** Whether pairs of texts are embedded, in two runs. */
interface Scored {
  readonly rows: SampleRows;
  readonly isPaired: boolean;
}

/**
 * Fresh metrics of a task for one model, the primary one first: those asked for by name, else the usual ones.
 * @throws UsageError `bad-value` for a metric that the task or the output does not have
 */
export function metricsFor(task: TaskName, request: TaskRequest, scored: Scored): readonly Metric[] {
  const usual = usualMetrics(task, request, scored);
  const wanted = request.metrics ?? usual;
  return wanted.map((name) => {
    if (!possibleMetrics(task, scored).includes(name)) {
      const expected = `one of ${possibleMetrics(task, scored).join(', ') || 'none'} for the task ${task}`;
      throw new UsageError('bad-value', { flag: '--metric', value: name, expected });
    }
    return createMetric(name, task, request);
  });
}

function usualMetrics(task: TaskName, { topK }: TaskRequest, scored: Scored): readonly MetricName[] {
  const possible = possibleMetrics(task, scored);
  // Among as many classes as are looked at, every class is.
  return possible.filter((name) => name !== 'top-k' || classesOf(scored.rows) > topK);
}

function possibleMetrics(task: TaskName, { rows, isPaired }: Scored): readonly MetricName[] {
  switch (task) {
    case 'classification':
      return rows.rowLength > 1 ? ['accuracy', 'top-k', 'macro-f1'] : ['accuracy', 'macro-f1'];
    case 'binary':
      return ['accuracy', 'macro-f1'];
    case 'ctc':
      return ['exact-match'];
    case 'regression':
      return rows.rowLength > 1 ? ['mse', 'cosine'] : ['mse', 'spearman'];
    case 'embedding':
      return isPaired || rows.rowLength === 1 ? ['spearman'] : ['cosine', 'mse'];
    case 'language-model':
      return ['perplexity'];
    case 'none':
      return [];
  }
}

function createMetric(name: MetricName, task: TaskName, request: TaskRequest): Metric {
  const log = task === 'binary' ? binaryLog : multiClassLog;
  switch (name) {
    case 'accuracy':
      return accuracy(log());
    case 'top-k':
      return topK(request.topK);
    case 'macro-f1':
      return macroF1(log());
    case 'exact-match':
      return exactMatch(request);
    case 'mse':
      return meanSquaredError();
    case 'cosine':
      return meanCosine();
    case 'spearman':
      return rankCorrelation();
    case 'perplexity':
      return perplexity();
  }
}
