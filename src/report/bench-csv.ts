import type { BenchResult, Comparison, Point } from '../bench/bench-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { comparisonOf } from './bench-rows.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';
import { describeFinding } from './messages/message.ts';

interface Row {
  readonly result: BenchResult;
  readonly point: Point;
  readonly comparison: Comparison | null;
}

type Field = readonly [name: string, read: (row: Row) => CsvValue];

/** A bench result as RFC 4180: one record a point, names as in the JSON, interval bounds in columns of their own. */
export function benchCsv(result: BenchResult): string {
  return csvText(benchCsvHeader, benchRecords(result));
}

/** One record a point, in the order of {@link benchCsvHeader}. */
export function benchRecords(result: BenchResult): readonly (readonly CsvValue[])[] {
  return result.points.map((point, index) => {
    const comparison = comparisonOf(result, index);
    const row = { result, point, comparison: comparison === 'reference' ? null : comparison };
    return fields.map(([, read]) => read(row));
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

/** `a=1;b=2` */
function pairs(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([name, value]) => `${name}=${value}`).join(';');
}

const latencies = ['p50', 'p90', 'p95', 'p99', 'mean'] as const;

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
  ...estimate('speedup', ({ comparison }) => comparison?.speedup),
  ['fingerprint', ({ result }) => result.environment.fingerprint],
  ['cpu', ({ result }) => result.environment.cpu.model],
  ['usableCores', ({ result }) => result.environment.cpu.usableCores],
  ['onnxruntime', ({ result }) => result.environment.onnxruntime],
  ['createdAt', ({ result }) => result.createdAt],
];

/** The same for every result, so that files can be put together. */
export const benchCsvHeader: readonly string[] = fields.map(([name]) => name);
