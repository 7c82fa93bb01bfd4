import type { EvaluatedMetric, EvaluateResult, OutputCloseness } from '../evaluate/evaluate-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

/** One figure. */
interface Row {
  readonly kind: 'metric' | 'closeness' | 'drop' | 'sqnr' | 'throughput';
  readonly name: string;
  readonly output?: string | null;
  readonly value: Estimate | null;
  readonly reference?: Estimate | null;
  readonly difference?: Estimate | null;
  readonly p?: number | null;
  readonly limit?: number;
  readonly verdict?: string;
  readonly samples: number;
}

type Field = readonly [name: string, read: (row: Row, result: EvaluateResult) => CsvValue];

/** What `infer evaluate` found as RFC 4180: one record a figure, shares between 0 and 1. */
export function evaluateCsv(result: EvaluateResult): string {
  return csvText(
    fields.map(([name]) => name),
    rowsOf(result).map((row) => fields.map(([, read]) => read(row, result))),
  );
}

function rowsOf(result: EvaluateResult): readonly Row[] {
  const { metrics, closeness, task } = result;
  return [
    ...metrics.map((metric) => metricRow(metric, task.output)),
    ...closeness.flatMap(closenessRows),
    ...goalRows(result),
    ...throughputRow(result),
  ];
}

function metricRow({ name, value, samples, reference }: EvaluatedMetric, output: string | null): Row {
  const held = { reference: reference?.value ?? null, difference: reference?.difference ?? null };
  return { kind: 'metric', name, output, value, samples, ...held, p: reference?.test.p ?? null };
}

const exactly = (value: number | null): Estimate | null => (value === null ? null : { value, low: null, high: null });

function closenessRows(closeness: OutputCloseness): readonly Row[] {
  const { output, samples, exact } = closeness;
  const figures: readonly (readonly [string, Estimate | null])[] = [
    ['exact', exactly(exact ? 1 : 0)],
    ['sqnrDb', closeness.sqnrDb],
    ['cosine', closeness.cosine],
    ['cosineOverall', exactly(closeness.cosineOverall)],
    ['maxAbs', exactly(closeness.maxAbs)],
    ['maxRel', exactly(closeness.maxRel)],
    ['argmaxAgreement', closeness.argmaxAgreement],
    ['kl', closeness.kl],
    ['equalElements', closeness.equalElements],
  ];
  // What makes no sense for an output has no record; that a float's SQNR is not known is worth one.
  const isFloat = closeness.equalElements === null;
  return figures
    .filter(([name, value]) => value !== null || (name === 'sqnrDb' && isFloat))
    .map(([name, value]) => ({ kind: 'closeness', name, output, value, samples }));
}

function goalRows({ drop, sqnr, interrupted }: EvaluateResult): readonly Row[] {
  const rows: Row[] = [];
  const told = (verdict: string) => (interrupted ? {} : { verdict });
  if (drop !== null) {
    const { of, drop: value, threshold, test, samples, verdict } = drop;
    rows.push({ kind: 'drop', name: of, value, p: test.p, limit: threshold, samples, ...told(verdict) });
  }
  if (sqnr !== null) {
    const { output, sqnrDb, minDb, samples, verdict } = sqnr;
    rows.push({ kind: 'sqnr', name: 'sqnrDb', output, value: sqnrDb, limit: minDb, samples, ...told(verdict) });
  }
  return rows;
}

function throughputRow({ throughput, referenceThroughput, samples }: EvaluateResult): readonly Row[] {
  const value = exactly(throughput.itemsPerSecond);
  const reference = exactly(referenceThroughput?.itemsPerSecond ?? null);
  return [{ kind: 'throughput', name: 'itemsPerSecond', value, reference, samples }];
}

/** Value, low and high. */
function estimate(name: string, read: (row: Row) => Estimate | null | undefined): readonly Field[] {
  return [
    [name, (row) => read(row)?.value ?? null],
    [`${name}Low`, (row) => read(row)?.low ?? null],
    [`${name}High`, (row) => read(row)?.high ?? null],
  ];
}

const fields: readonly Field[] = [
  ['model', (_, { model }) => model.path],
  ['referenceModel', (_, { reference }) => reference?.path ?? null],
  ['data', (_, { data }) => data.path],
  ['task', (_, { task }) => task.name],
  ['kind', ({ kind }) => kind],
  ['name', ({ name }) => name],
  ['output', ({ output }) => output ?? null],
  ...estimate('value', ({ value }) => value),
  ...estimate('reference', ({ reference }) => reference),
  ...estimate('difference', ({ difference }) => difference),
  ['p', ({ p }) => p ?? null],
  ['limit', ({ limit }) => limit ?? null],
  ['verdict', ({ verdict }) => verdict ?? null],
  ['samples', ({ samples }) => samples],
  ['ep', (_, { settings }) => settings.ep],
  ['threads', (_, { settings }) => settings.threads],
  ['batch', (_, { settings }) => settings.batch],
  ['seed', (_, { settings }) => settings.seed],
  ['onnxruntime', (_, { environment }) => environment.onnxruntime],
  ['fingerprint', (_, { environment }) => environment.fingerprint],
  ['createdAt', (_, { createdAt }) => createdAt],
];
