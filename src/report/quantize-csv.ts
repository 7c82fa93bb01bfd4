import type { QuantizedNode, QuantizeResult } from '../quantize/quantize-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

type Field = readonly [name: string, read: (node: QuantizedNode, result: QuantizeResult) => CsvValue];

const fields: readonly Field[] = [
  ['model', (_, { model }) => model.path],
  ['output', (_, { output }) => output?.path ?? null],
  ['scheme', (_, { settings }) => settings.scheme],
  ['target', (_, { settings }) => settings.target],
  ['node', ({ name }) => name],
  ['op', ({ op }) => op],
  ['treatment', ({ treatment }) => treatment],
  ['reason', ({ reason }) => reason],
  ['became', ({ became }) => became],
  ['fused', ({ fused }) => fused],
  ['sqnrInDb', ({ sqnrInDb }) => sqnrInDb],
  ['sqnrOutDb', ({ sqnrOutDb }) => sqnrOutDb],
  ['macsShare', ({ macsShare }) => macsShare],
  ['parameters', ({ parameters }) => parameters],
  ['bytesBefore', ({ bytesBefore }) => bytesBefore],
  ['bytesAfter', ({ bytesAfter }) => bytesAfter],
  ['latencyBeforeMs', ({ latencyBeforeMs }) => latencyBeforeMs],
  ['latencyAfterMs', ({ latencyAfterMs }) => latencyAfterMs],
  ['ep', (_, { settings }) => settings.ep],
  ['threads', (_, { settings }) => settings.threads],
  ['seed', (_, { settings }) => settings.seed],
  ['onnxruntime', (_, { environment }) => environment.onnxruntime],
  ['fingerprint', (_, { environment }) => environment.fingerprint],
  ['createdAt', (_, { createdAt }) => createdAt],
];

/** What became of a model's nodes as RFC 4180: one record a node, shares between 0 and 1. */
export function quantizeCsv(result: QuantizeResult): string {
  return csvText(
    fields.map(([name]) => name),
    result.nodes.map((node) => fields.map(([, read]) => read(node, result))),
  );
}
