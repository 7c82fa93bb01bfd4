import type { Label } from '../../src/data/dataset.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { floats, long, longs } from '../../src/onnx/graph-builder.ts';
import type { ScoredBatch } from '../../src/evaluate/metrics/metric.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { sampleRows, type SampleRows } from '../../src/evaluate/sample-rows.ts';

/** A float32 matrix, a sample a row. */
export function matrix(rows: readonly (readonly number[])[]): DenseTensor {
  return floats([rows.length, rows[0]?.length ?? 0], rows.flat());
}

export function ids(rows: readonly (readonly number[])[]): DenseTensor {
  return { ...longs(rows.flat()), dims: [rows.length, rows[0]?.length ?? 0] };
}

/** The samples of a tensor, which lie along its first axis. */
export function rowsOfTensor(tensor: DenseTensor): SampleRows {
  const count = tensor.dims[0] ?? 1;
  const rows = sampleRows(tensor, { batchLength: count, count }, { output: undefined, batchAxis: { kind: 'none' } });
  if (rows === null) throw new RangeError('the first axis holds no samples');
  return rows;
}

/** A batch for a metric; samples come from `data.npz, row 0` and so on. */
export function scoredBatch(
  output: DenseTensor,
  labels: readonly Label[] | null,
  more: Partial<ScoredBatch> & { readonly feeds?: NamedTensors } = {},
): ScoredBatch {
  return {
    rows: rowsOfTensor(output),
    labels,
    feeds: {},
    firstTarget: 1,
    pair: null,
    windows: [],
    originOf: (sample) => `data.npz, row ${sample}`,
    ...more,
  };
}

export const classes = (...labels: readonly number[]): readonly Label[] => labels.map((label) => long(label));

/** A float tensor's elements replaced one by one; nothing for nothing. */
export function mapped(tensor: DenseTensor | undefined, replace: (value: number, at: number) => number): DenseTensor {
  if (tensor === undefined) return matrix([]);
  return { type: 'float32', dims: tensor.dims, data: Float32Array.from(numbersOf(tensor), replace) };
}
