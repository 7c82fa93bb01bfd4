import { createHash } from 'node:crypto';
import { bytesOfElements, type DenseTensor, type NamedTensors } from '../onnx/dense-tensor.ts';
import { batchAxisOf } from './batch-axis.ts';
import type { DataRecord } from './data-record.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { canJoinExpected } from './join-expected.ts';

/**
 * Tells which samples may share a run: those of equal shapes, whose inputs without a batch axis are equal. One with
 * outputs to expect that cannot be joined with those of others is alone.
 */
export function recordKey({ inputs, pair, expected }: DataRecord, index: number, options: DatasetOptions): string {
  const own = expected !== null && !canJoinExpected(expected, options) ? `#${index}` : '';
  return [inputs, ...(pair === null ? [] : [pair])].map((texts) => keyOf(texts, options)).join(' / ') + own;
}

function keyOf(inputs: NamedTensors, options: DatasetOptions): string {
  const parts = options.inputs.map((input) => {
    const tensor = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
    if (!tensor) return '-';
    const shape = tensor.dims.join('x');
    return [batchAxisOf(input, options.batchAxis) === null ? `${shape}=${contentOf(tensor)}` : shape];
  });
  return parts.join(' ');
}

function contentOf({ data }: DenseTensor): string {
  const content = ArrayBuffer.isView(data) ? bytesOfElements(data) : JSON.stringify(data);
  return createHash('sha256').update(content).digest('base64');
}
