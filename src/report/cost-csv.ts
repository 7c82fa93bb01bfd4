import type { CostCurve, CostedModel, CostOption, CostResult, ExcludedOption } from '../cost/cost-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { isServing } from './cost-words.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

/** An option, or a machine without figures. */
interface Row {
  readonly of: CostOption | ExcludedOption;
  readonly option: CostOption | null;
  readonly model: CostedModel | undefined;
  readonly curve: CostCurve | undefined;
  /** From 1 on, as ranked; null for machines without figures. */
  readonly rank: number | null;
}

type Field = readonly [name: string, read: (row: Row, result: CostResult) => CsvValue];

/** What `infer cost` found as RFC 4180: one record an option as ranked, then the machines that have no figures. */
export function costCsv(result: CostResult): string {
  const { options, excluded, models, curves } = result;
  const rows: readonly Row[] = [
    ...options.map((option, index) => ({ of: option, option, rank: index + 1 })),
    ...excluded.map((of) => ({ of, option: null, rank: null })),
  ].map((row) => ({ ...row, model: models[row.of.modelIndex], curve: curves[row.of.curveIndex] }));
  return csvText(
    fields.map(([name]) => name),
    rows.map((row) => fields.map(([, read]) => read(row, result))),
  );
}

function own(name: string, read: (option: CostOption) => CsvValue): Field {
  return [name, ({ option }) => (option === null ? null : read(option))];
}

/** Value, low and high. */
function estimate(name: string, read: (option: CostOption) => Estimate | null | undefined): readonly Field[] {
  return [
    own(name, (option) => read(option)?.value ?? null),
    own(`${name}Low`, (option) => read(option)?.low ?? null),
    own(`${name}High`, (option) => read(option)?.high ?? null),
  ];
}

const fields: readonly Field[] = [
  ['rank', ({ rank }) => rank],
  ['model', ({ model }) => model?.path ?? null],
  ['sha256', ({ model }) => model?.sha256 ?? null],
  ['ep', ({ curve }) => curve?.ep ?? null],
  ['threads', ({ curve }) => curve?.threads ?? null],
  ['measuredOn', ({ curve }) => curve?.processor ?? null],
  ['cloud', ({ of }) => of.cloud],
  ['region', ({ of }) => of.region],
  ['instance', ({ of }) => of.instance],
  own('vcpus', ({ vcpus }) => vcpus),
  own('accelerator', ({ accelerator }) => accelerator),
  own('purchase', ({ purchase }) => purchase),
  own('listedUsdPerHour', ({ listedUsdPerHour }) => listedUsdPerHour),
  own('usdPerHour', ({ usdPerHour }) => usdPerHour),
  own('priceDate', ({ priceDate }) => priceDate),
  own('flags', ({ flags }) => flags.join(' ')),
  own('basis', ({ basis }) => basis),
  own('reach', ({ projection }) => projection?.reach ?? null),
  ...estimate('factor', ({ projection }) => projection && { ...projection, value: projection.factor }),
  own('batch', ({ batch }) => batch),
  own('queueDelayMs', ({ queueDelayMs }) => queueDelayMs),
  own('replicasPerMachine', ({ replicasPerMachine }) => replicasPerMachine),
  ...estimate('replicas', ({ replicas }) => replicas),
  ...estimate('machines', ({ machines }) => machines),
  ...estimate('itemsPerSecond', ({ itemsPerSecond }) => itemsPerSecond),
  own('utilization', ({ utilization }) => utilization),
  ...estimate('usdPerMillion', ({ usdPerMillion }) => usdPerMillion),
  own('busyUsdPerMillion', ({ busyUsdPerMillion }) => busyUsdPerMillion),
  ...estimate('usdPerRequest', ({ usdPerRequest }) => usdPerRequest),
  ...estimate('usdPerMillionInputTokens', ({ usdPerMillionInputTokens }) => usdPerMillionInputTokens),
  ...estimate('usdPerMillionOutputTokens', ({ usdPerMillionOutputTokens }) => usdPerMillionOutputTokens),
  ...estimate('monthlyUsd', ({ monthlyUsd }) => monthlyUsd),
  ...estimate('meanMs', ({ latencyMs }) => latencyMs?.meanMs),
  ...estimate('p50Ms', ({ latencyMs }) => latencyMs?.p50Ms),
  ...estimate('p99Ms', ({ latencyMs }) => latencyMs?.p99Ms),
  ...estimate('objectiveMs', ({ latencyMs }) => latencyMs?.objectiveMs),
  own('latencyMethod', ({ latencyMs }) => latencyMs?.method ?? null),
  own('serves', isServing),
  own('meetsSlo', ({ meetsSlo }) => meetsSlo),
  ['obstacle', ({ of }) => of.obstacle?.code ?? null],
  own('wattsPerMachine', ({ energy }) => energy?.wattsPerMachine ?? null),
  own('kwhPerMillion', ({ energy }) => energy?.kwhPerMillion ?? null),
  own('gramsPerMillion', ({ energy }) => energy?.gramsPerMillion ?? null),
  ['meanPerSecond', (_, { load }) => load?.meanPerSecond ?? null],
  ['objectivePercentile', (_, { objective }) => objective?.percentile ?? null],
  ['objectiveLimitMs', (_, { objective }) => objective?.limitMs ?? null],
  ['accuracyMetric', ({ model }) => model?.accuracy?.metric ?? null],
  ['accuracy', ({ model }) => model?.accuracy?.value.value ?? null],
  ['seed', (_, { settings }) => settings.seed],
  ['createdAt', (_, { createdAt }) => createdAt],
];
