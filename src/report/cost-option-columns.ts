import type { CostOption, CostResult } from '../cost/cost-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import {
  basisLabel,
  exactText,
  fourDigits,
  instanceName,
  modelName,
  placeName,
  shareText,
  wholeText,
} from './cost-words.ts';
import type { Column } from './grid.ts';
import { derivedText, intervalText, scaledBy, valueText } from './interval-digits.ts';
import { flagMarks } from './messages/flag-texts.ts';
import { shortName } from './short-name.ts';
import type { TimeUnit } from './units.ts';
import { count, timeUnitFor } from './units.ts';

type OptionColumn = RowColumn<CostOption>;

/** What a value is shown with: its interval in detail, else its digits alone. */
type Writer = (estimate: Estimate) => string;

const none = '-';

/** A line for each option; a column that says nothing, or the same of all and not in detail, is left out. */
export function optionColumns(options: readonly CostOption[], result: CostResult, details: boolean): readonly Column[] {
  const write: Writer = details ? intervalText : valueText;
  const all: readonly OptionColumn[] = [
    ...nameColumns(options, result, details),
    ...costColumns(write, details),
    ...fleetColumns(details),
    ...latencyColumns(options, result, write),
    ...energyColumns,
    ['basis', 'left', basisLabel],
    ['marks', 'left', ({ flags }) => flagMarks(flags)],
  ];
  const isTold = ([, , text]: OptionColumn): boolean => options.some((option) => !['', none].includes(text(option)));
  return columnsOf(options, all.filter(isTold));
}

function nameColumns(options: readonly CostOption[], result: CostResult, details: boolean): readonly OptionColumn[] {
  const differs = (text: (option: CostOption) => string): boolean => new Set(options.map(text)).size > 1 || details;
  const model = (option: CostOption): string => modelName(result, option.modelIndex);
  const curve = (option: CostOption): string => curveName(result, option.curveIndex);
  const severalCurves = new Set(options.map(({ curveIndex }) => curveIndex)).size > new Set(options.map(model)).size;
  return [
    ...(result.models.length > 1 ? [['model', 'left', model] as const] : []),
    ...(severalCurves ? [['run as', 'left', curve, 1] as const] : []),
    ['instance', 'left', instanceName],
    ...(differs(placeName) ? [['where', 'left', placeName, 2] as const] : []),
    ['vCPU', 'right', ({ vcpus }) => (vcpus === null ? none : exactText(vcpus)), 11],
    ['GPU', 'left', ({ accelerator }) => (accelerator === null ? '' : shortName(accelerator)), 8],
    ['buy', 'left', ({ purchase }) => purchase],
  ];
}

/** `cpu, 2 threads`, with what else tells it from other curves of its model. */
function curveName({ curves }: CostResult, index: number): string {
  const curve = curves[index];
  if (curve === undefined) return none;
  const { ep, threads, instances, processor, modelIndex } = curve;
  const siblings = curves.filter((other) => other.modelIndex === modelIndex);
  const elsewhere = siblings.some((other) => other.processor !== processor) ? `, on ${shortName(processor, 24)}` : '';
  const beside = instances === 1 ? '' : `, ${instances} at once`;
  return `${shortName(ep)}, ${count(threads, 'thread')}${beside}${elsewhere}`;
}

function costColumns(write: Writer, details: boolean): readonly OptionColumn[] {
  return [
    ['$ an hour', 'right', ({ usdPerHour }) => (usdPerHour === null ? none : fourDigits(usdPerHour)), 9],
    ['$ per million', 'right', ({ usdPerMillion }) => intervalText(usdPerMillion)],
    ...(details ? [['if all busy', 'right', busyText, 6] as const] : []),
    ['$ / M tokens in', 'right', ({ usdPerMillionInputTokens }) => orNone(usdPerMillionInputTokens, write), 1],
    ['$ / M tokens out', 'right', ({ usdPerMillionOutputTokens }) => orNone(usdPerMillionOutputTokens, write), 1],
    ['$ a month', 'right', ({ monthlyUsd }) => orNone(monthlyUsd, write)],
  ];
}

function busyText({ busyUsdPerMillion, itemsPerSecond }: CostOption): string {
  return derivedText(busyUsdPerMillion, itemsPerSecond);
}

function orNone(estimate: Estimate | null, write: Writer): string {
  return estimate === null ? none : write(estimate);
}

function fleetColumns(details: boolean): readonly OptionColumn[] {
  return [
    ['machines', 'right', ({ machines }) => (machines === null ? none : wholeText(machines)), 3],
    ...(details
      ? [
          [
            'replicas',
            'right',
            ({ replicas }: CostOption) => (replicas === null ? none : wholeText(replicas)),
            3,
          ] as const,
        ]
      : []),
    ['batch', 'right', batchText, 6],
    ['busy', 'right', ({ utilization }) => shareText(utilization), 5],
  ];
}

/** `8`, or `8 in 2 ms` where a batch is waited for. */
function batchText({ batch, queueDelayMs }: CostOption): string {
  return queueDelayMs === 0 ? String(batch) : `${batch} in ${exactText(Number(queueDelayMs.toPrecision(3)))} ms`;
}

function latencyColumns(
  options: readonly CostOption[],
  { objective }: CostResult,
  write: Writer,
): readonly OptionColumn[] {
  const unit = timeUnitFor(options.flatMap(({ latencyMs }) => latencyMs?.p99Ms.value ?? []));
  const percentile = objective?.percentile ?? 99;
  const column = (name: string, read: (latency: Latency) => Estimate, dropOrder: number): OptionColumn => [
    `${name} ${unit}`,
    'right',
    ({ latencyMs }) => (latencyMs === null ? none : write(scaledBy(read(latencyMs), perMs[unit]))),
    dropOrder,
  ];
  return [
    column('p50', ({ p50Ms }) => p50Ms, 4),
    ...([50, 99].includes(percentile) ? [] : [column(`p${percentile}`, ({ objectiveMs }) => objectiveMs, 0)]),
    column('p99', ({ p99Ms }) => p99Ms, 0),
  ];
}

type Latency = NonNullable<CostOption['latencyMs']>;

const perMs: Readonly<Record<TimeUnit, number>> = { s: 0.001, ms: 1, µs: 1000 };

/** As uncertain as the throughput is: a watt is listed, not measured. */
const energyColumns: readonly OptionColumn[] = [
  [
    'kWh per million',
    'right',
    ({ energy, itemsPerSecond }) => (energy === null ? none : derivedText(energy.kwhPerMillion, itemsPerSecond)),
    13,
  ],
  [
    'g CO2e per million',
    'right',
    ({ energy, itemsPerSecond }) =>
      energy?.gramsPerMillion == null ? none : derivedText(energy.gramsPerMillion, itemsPerSecond),
    12,
  ],
];
