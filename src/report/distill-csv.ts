import type { DistillResult, EpochRecord } from '../distill/distill-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

type Field = readonly [name: string, read: (epoch: EpochRecord, result: DistillResult) => CsvValue];

const fields: readonly Field[] = [
  ['teacher', (_, { teacher }) => teacher.path],
  ['student', (_, { student }) => student.path],
  ['data', (_, { data }) => data.path],
  ['epoch', ({ epoch }) => epoch],
  ['steps', ({ steps }) => steps],
  ['trainLoss', ({ trainLoss }) => trainLoss],
  ['heldOutLoss', ({ heldOutLoss }) => heldOutLoss],
  ['metricName', (_, { metric }) => metric.name],
  ['metric', ({ metric }) => metric],
  ['best', ({ epoch }, { bestEpoch }) => epoch === bestEpoch],
  ['learningRate', ({ learningRate }) => learningRate],
  ['elapsedMs', ({ elapsedMs }) => elapsedMs],
  ['batch', (_, { settings }) => settings.batch],
  ['seed', (_, { settings }) => settings.seed],
  ['ep', (_, { ep }) => ep],
  ['threads', (_, { threads }) => threads],
  ['onnxruntime', (_, { environment }) => environment.onnxruntime],
  ['fingerprint', (_, { environment }) => environment.fingerprint],
  ['createdAt', (_, { createdAt }) => createdAt],
];

/** A training as RFC 4180: one record an epoch. */
export function distillCsv(result: DistillResult): string {
  return csvText(
    fields.map(([name]) => name),
    result.epochs.map((epoch) => fields.map(([, read]) => read(epoch, result))),
  );
}
