import type { EvaluateResult, Throughput } from '../evaluate/evaluate-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import { closenessGrid, type ClosenessGrid } from './evaluate-closeness.ts';
import { metricColumns } from './evaluate-metrics.ts';
import { verdictLines, type VerdictLine } from './evaluate-verdict.ts';
import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';
import { describeFinding } from './messages/message.ts';
import { reasonText } from './messages/evaluate-messages.ts';
import { shortName } from './short-name.ts';
import { count, formatMs, formatNumber, formatWhole } from './units.ts';
import type { View } from './view.ts';

/** What is said of an evaluated model, in any format. */
export interface EvaluateSummary {
  readonly heading: string;
  /** Null when nothing was scored. */
  readonly metrics: readonly Column[] | null;
  readonly closeness: ClosenessGrid | null;
  readonly verdicts: readonly VerdictLine[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

export function evaluateSummary(result: EvaluateResult, view: View): EvaluateSummary {
  const { model, data, interrupted, metrics, warnings, environment } = result;
  return {
    heading: `${model.path} on ${data.path}: ${samplesText(result)}${interrupted ? ' (interrupted)' : ''}`,
    metrics: metrics.length === 0 ? null : metricColumns(result),
    closeness: closenessGrid(result, view),
    verdicts: verdictLines(result),
    facts: [
      { label: 'Task', text: taskText(result) },
      ...referenceFacts(result),
      { label: 'Data', text: dataText(result) },
      { label: 'Speed', text: speedText(result) },
      { label: 'Machine', text: machineText(environment) },
      { label: 'Software', text: softwareText(environment) },
    ],
    warnings: warnings.map(describeFinding),
  };
}

function samplesText({ samples, data }: EvaluateResult): string {
  return samples === data.size ? count(samples, 'sample') : `${formatWhole(samples)} of ${count(data.size, 'sample')}`;
}

function taskText({ task, metrics }: EvaluateResult): string {
  if (task.name === 'none') return `none: ${reasonText(task.reason)}`;
  const output = task.output === null ? '' : `, output '${shortName(task.output)}'`;
  const scored = metrics.length === 0 ? '; nothing to score without labels' : '';
  return `${task.name}${output} (${reasonText(task.reason)})${scored}`;
}

function referenceFacts({ reference, closenessTo }: EvaluateResult): readonly Fact[] {
  if (reference !== null) return [{ label: 'Reference', text: reference.path }];
  return closenessTo === 'expected' ? [{ label: 'Reference', text: 'the outputs that the data expect' }] : [];
}

function dataText(result: EvaluateResult): string {
  const { data, settings } = result;
  const pairs = settings.pairs === null ? '' : `, ${pairTexts[settings.pairs]}`;
  return `${data.labeled ? 'labeled' : 'unlabeled'}${pairs}, ${chosenText(result)}`;
}

const pairTexts = {
  joint: 'pairs of texts joined (--pairs separate embeds each by itself)',
  separate: 'pairs of texts embedded one by one (--pairs joint joins them)',
} as const;

function chosenText({ data, settings: { samples, seed, dims } }: EvaluateResult): string {
  const lengths = Object.entries(dims).map(([name, length]) => `${name}=${length}`);
  const chosen = samples === null || samples >= data.size ? 'all samples' : `chosen by seed ${seed}`;
  return [chosen, ...lengths].join(', ');
}

function speedText({ throughput, referenceThroughput, settings, elapsedMs }: EvaluateResult): string {
  const { ep, threads, batch, optimization } = settings;
  const reference = referenceThroughput === null ? '' : `, the reference ${rateText(referenceThroughput)}`;
  const how = `${ep}, ${count(threads, 'thread')}, batch ${batch}, graph optimization ${optimization}`;
  return `${rateText(throughput)}${reference}; ${how}; ${formatMs(elapsedMs)} in all`;
}

function rateText({ itemsPerSecond }: Throughput): string {
  return itemsPerSecond === null ? 'not measured' : `${formatNumber(itemsPerSecond)} samples/s`;
}
