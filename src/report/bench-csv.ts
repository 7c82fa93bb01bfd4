import type { BenchResult, Comparison, Point } from '../bench/bench-result.ts';
import type { LoadRun } from '../bench/load/load-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { comparisonOf } from './bench-rows.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';
import { describeFinding } from './messages/message.ts';

interface Row {
  readonly result: BenchResult;
  readonly point: Point;
  readonly comparison: Comparison | null;
  /** One of the point's, where it was put under load. */
  readonly load: LoadRun | null;
}

type Field = readonly [name: string, read: (row: Row) => CsvValue];

/** A bench result as RFC 4180: one record a point, or one a rate of a point under load, names as in the JSON, interval bounds in columns of their own. */
export function benchCsv(result: BenchResult): string {
  return csvText(
    benchCsvHeader,
    benchRecords(result).map(({ record }) => record),
  );
}

interface BenchRecord {
  /** Index of its point. */
  readonly point: number;
  /** In the order of {@link benchCsvHeader}. */
  readonly record: readonly CsvValue[];
}

export function benchRecords(result: BenchResult): readonly BenchRecord[] {
  return result.points.flatMap((point, index) => {
    const found = comparisonOf(result, index);
    const comparison = found === 'reference' ? null : found;
    const loads = point.loads === undefined || point.loads.length === 0 ? [null] : point.loads;
    return loads.map((load) => ({
      point: index,
      record: fields.map(([, read]) => read({ result, point, comparison, load })),
    }));
  });
}

function ofPoint(name: string, read: (point: Point) => CsvValue): Field {
  return [name, (row) => read(row.point)];
}

/** Value, low and high. */
function estimate(name: string, read: (row: Row) => Estimate | null | undefined): readonly Field[] {
  return [
    [name, (row) => read(row)?.value ?? null],
    [`${name}Low`, (row) => read(row)?.low ?? null],
    [`${name}High`, (row) => read(row)?.high ?? null],
  ];
}

function ofLoad(name: string, read: (load: LoadRun) => CsvValue): Field {
  return [name, ({ load }) => (load === null ? null : read(load))];
}

/** `a=1;b=2` */
function pairs(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([name, value]) => `${name}=${value}`).join(';');
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

const latencies = ['p50', 'p90', 'p95', 'p99', 'mean'] as const;

const tokenEstimates = [
  'ttftMs',
  'tpotMs',
  'itlMs',
  'itlP99Ms',
  'prefillTokensPerSecond',
  'decodeTokensPerSecond',
  'tokensPerSecondPerUser',
  'outputTokensPerSecond',
] as const;

const fields: readonly Field[] = [
  ofPoint('model', (point) => point.model),
  ofPoint('ep', (point) => point.ep),
  ofPoint('batch', (point) => point.batch),
  ofPoint('threads', (point) => point.threads),
  ofPoint('instances', (point) => point.instances),
  ofPoint('dims', (point) => pairs(Object.entries(point.dims))),
  ofPoint('status', (point) => point.status),
  ofPoint('reasonCode', (point) => point.reason?.code ?? null),
  ofPoint('reason', (point) => (point.reason === null ? null : describeFinding(point.reason))),
  ...estimate('loadMs', ({ point }) => point.loadMs),
  ...estimate('firstRunMs', ({ point }) => point.firstRunMs),
  ...latencies.flatMap((name) => estimate(`${name}Ms`, ({ point }) => point.latencyMs?.[name])),
  ofPoint('minMs', (point) => point.latencyMs?.min ?? null),
  ofPoint('maxMs', (point) => point.latencyMs?.max ?? null),
  ofPoint('samples', (point) => point.latencyMs?.samples ?? null),
  ofPoint('spreadWithin', (point) => point.latencyMs?.spreadWithin ?? null),
  ...estimate('itemsPerSecond', ({ point }) => point.throughput?.itemsPerSecond),
  ...estimate('itemsPerSecondPerInstance', ({ point }) => point.throughput?.itemsPerSecondPerInstance),
  ...estimate('runsPerSecond', ({ point }) => point.throughput?.runsPerSecond),
  ofPoint('cpuUtilization', (point) => point.cpuUtilization),
  ofPoint('peakRssBytes', (point) => point.peakRssBytes),
  ofPoint('gpuUtilization', ({ gpu }) => gpu?.utilization ?? null),
  ofPoint('gpuMemoryBytes', ({ gpu }) => gpu?.memoryUsedBytes ?? null),
  ofPoint('gpuPowerW', ({ gpu }) => gpu?.powerW ?? null),
  ofPoint('gpuIdlePowerW', ({ gpu }) => gpu?.idlePowerW ?? null),
  ...estimate('gpuJoulesPerItem', ({ point }) => point.gpu?.joulesPerItem),
  ofPoint('gpuSmClockMhz', ({ gpu }) => gpu?.smClockMhz ?? null),
  ofPoint('gpuTemperatureC', ({ gpu }) => gpu?.temperatureC ?? null),
  ofPoint('gpuThrottled', ({ gpu }) =>
    gpu === null || gpu.throttled === null ? null : pairs(gpu.throttled.map(({ reason, share }) => [reason, share])),
  ),
  ofPoint('copiedToDeviceBytes', ({ gpu }) => gpu?.copies?.toDeviceBytes ?? null),
  ofPoint('copiedFromDeviceBytes', ({ gpu }) => gpu?.copies?.fromDeviceBytes ?? null),
  ...estimate('cpuJoulesPerRun', ({ point }) => point.cpuEnergy?.joulesPerRun),
  ofPoint('pinnedTo', ({ pinned }) => pinned?.processors.map((own) => own.join(' ')).join(';') ?? null),
  ofPoint('pinHeld', ({ pinned }) => pinned?.held ?? null),
  ofPoint('outputsMatchCpu', (point) => point.outputsMatchCpu),
  ofPoint('outputMaxAbs', (point) => point.outputDifference?.maxAbs ?? null),
  ofPoint('outputMaxRel', (point) => point.outputDifference?.maxRel ?? null),
  ofPoint('outputsMatchExpected', (point) => point.outputsMatchExpected),
  ofPoint('placement', ({ placement }) =>
    placement === null ? null : pairs(placement.map(({ provider, nodes }) => [provider, nodes])),
  ),
  ofPoint('precision', (point) => point.precision),
  ofPoint('reachedPrecision', (point) => point.reachedPrecision),
  ofPoint('rounds', (point) => point.rounds.length),
  ofPoint('promptTokens', ({ tokens }) => tokens?.prompt ?? null),
  ofPoint('generatedTokens', ({ tokens }) => tokens?.generated ?? null),
  ...tokenEstimates.flatMap((name) => estimate(name, ({ point }) => point.tokens?.[name])),
  ofPoint('kvBytesPerToken', ({ tokens }) => tokens?.kvBytesPerToken ?? null),
  ofPoint('cacheBytes', ({ tokens }) => tokens?.cacheBytes ?? null),
  ofPoint('outsideShare', ({ tokens }) => tokens?.outsideShare ?? null),
  ofPoint('copyShare', ({ tokens }) => tokens?.copyShare ?? null),
  ofPoint('matchesUncached', ({ tokens }) => tokens?.matchesUncached ?? null),
  ofLoad('loadAsked', ({ asked }) => asked),
  ofLoad('loadArrivals', ({ arrivals }) => arrivals),
  ofLoad('offeredPerSecond', ({ offeredPerSecond }) => offeredPerSecond),
  ofLoad('achievedPerSecond', ({ achievedPerSecond }) => achievedPerSecond),
  ofLoad('requests', ({ requests }) => requests),
  ofLoad('answered', ({ answered }) => answered),
  ...latencies.flatMap((name) => estimate(`fromArrival${capital(name)}Ms`, ({ load }) => load?.latencyMs?.[name])),
  ofLoad('queueMeanMs', ({ queueMs }) => queueMs?.mean.value ?? null),
  ofLoad('loadServiceP50Ms', ({ serviceMs }) => serviceMs?.p50?.value ?? null),
  ofLoad('loadServiceP99Ms', ({ serviceMs }) => serviceMs?.p99?.value ?? null),
  ofLoad('latenessP99Ms', ({ generatorLatenessMs }) => generatorLatenessMs.p99),
  ofLoad('loadValid', ({ valid }) => valid),
  ofLoad('loadStable', ({ stable }) => stable),
  ofLoad('objective', ({ objective }) =>
    objective === undefined ? null : `p${objective.percentile}=${objective.limitMs}ms`,
  ),
  ofLoad('meetsObjective', ({ meetsObjective }) => meetsObjective ?? null),
  ofPoint('maxRatePerSecond', ({ maxRate }) => maxRate?.perSecond.value ?? null),
  ofPoint('maxRatePerSecondLow', ({ maxRate }) => maxRate?.perSecond.low ?? null),
  ofPoint('maxRatePerSecondHigh', ({ maxRate }) => maxRate?.perSecond.high ?? null),
  ofPoint('maxRateStatus', ({ maxRate }) => maxRate?.status ?? null),
  ...estimate('speedup', ({ comparison }) => comparison?.speedup),
  ['fingerprint', ({ result }) => result.environment.fingerprint],
  ['cpu', ({ result }) => result.environment.cpu.model],
  ['usableCores', ({ result }) => result.environment.cpu.usableCores],
  ['onnxruntime', ({ result }) => result.environment.onnxruntime],
  ['createdAt', ({ result }) => result.createdAt],
];

/** The same for every result, so that files can be put together. */
export const benchCsvHeader: readonly string[] = fields.map(([name]) => name);
