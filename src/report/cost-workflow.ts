import type { CostResult, WorkflowCost } from '../cost/cost-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { priceNote } from './cost-price-note.ts';
import { exactText, moneyText, shareText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { intervalText } from './interval-digits.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatMs, formatNumber } from './units.ts';

type Step = WorkflowCost['steps'][number];

/** What a request of a user takes, step by step. */
export function workflowSection(result: CostResult): readonly Section[] {
  const { workflow } = result;
  if (workflow === null) return [];
  return [
    {
      title: `A request through ${shortName(workflow.path)}`,
      blocks: [
        { kind: 'grid', columns: stepColumns(workflow.steps), more: null },
        priceNote(result),
        { kind: 'facts', facts: workflowFacts(workflow) },
      ],
    },
  ];
}

function stepColumns(steps: readonly Step[]) {
  const all: readonly RowColumn<Step>[] = [
    ['step', 'left', ({ name }) => shortName(name)],
    ['by', 'left', ({ serves }) => shortName(serves), 2],
    ['calls', 'right', ({ calls }) => formatNumber(calls)],
    ['tokens in', 'right', ({ inputTokens }) => tokensText(inputTokens), 3],
    ['tokens out', 'right', ({ outputTokens }) => tokensText(outputTokens), 3],
    ['$ a request', 'right', ({ usd }) => intervalText(usd)],
    ['of the $', 'right', ({ share }) => shareText(share)],
    ['mean time', 'right', ({ meanMs }) => (meanMs === null ? '-' : formatMs(meanMs)), 4],
    ['of the time', 'right', ({ latencyShare }) => (latencyShare === null ? '-' : shareText(latencyShare)), 1],
    ['price of', 'left', ({ priceDate }) => priceDate ?? '-', 5],
  ];
  const isTold = ([, , text]: RowColumn<Step>): boolean => steps.some((step) => text(step) !== '-');
  return columnsOf(steps, all.filter(isTold));
}

function tokensText(tokens: number): string {
  return tokens === 0 ? '-' : exactText(Math.round(tokens));
}

function workflowFacts(workflow: WorkflowCost): readonly Fact[] {
  const { callsPerRequest, usdPerRequest, monthlyUsd, latencyMs, samples } = workflow;
  const tokens = `${tokensOf(workflow.inputTokensPerRequest)} in, ${tokensOf(workflow.outputTokensPerRequest)} out`;
  const month = monthlyUsd === null ? '' : `; ${moneyText(monthlyUsd)} a month`;
  return [
    { label: 'Calls', text: `${intervalText(callsPerRequest)} a request` },
    { label: 'Tokens', text: tokens },
    { label: 'Cost', text: `${moneyText(usdPerRequest)} a request${month}` },
    ...(latencyMs === null ? [] : [{ label: 'Latency', text: latencyText(latencyMs, samples) }]),
  ];
}

function tokensOf(tokens: number): string {
  return exactText(Math.round(tokens));
}

function latencyText({ meanMs, p50Ms, p99Ms }: NonNullable<WorkflowCost['latencyMs']>, samples: number): string {
  const told = `mean ${intervalText(meanMs)}, p50 ${intervalText(p50Ms)}, p99 ${intervalText(p99Ms)} ms`;
  return `${told}, of ${count(samples, 'request')} played`;
}
