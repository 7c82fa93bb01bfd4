import { type BatchAxis, batchAxisOf } from '../data/batch-axis.ts';
import type { DataType } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount, type NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../onnx/signature.ts';
import { type NumberArray, numbersOf } from '../onnx/tensor-types/numbers-of.ts';

/** An output sample by sample: row after row of equal length. */
export interface SampleRows {
  readonly type: DataType;
  readonly count: number;
  /** Shape of one sample, without the batch axis. */
  readonly dims: readonly number[];
  readonly rowLength: number;
  /** At least `count` rows: a last batch may be padded. Not to be written to. */
  readonly values: NumberArray;
}

/** How the samples of a run lie in its outputs. */
export interface RunShape {
  /** Length of the batch axis. */
  readonly batchLength: number;
  /** Samples that count; the others pad the batch. */
  readonly count: number;
}

/** Length of the batch axis of what a model is fed; 1 where no input has one. */
export function batchLengthOf(signature: ModelSignature, batchAxis: BatchAxis, feeds: NamedTensors): number {
  for (const input of signature.inputs) {
    const axis = batchAxisOf(input, batchAxis);
    const length = axis === null ? undefined : feeds[input.name]?.dims[axis];
    if (length !== undefined) return length;
  }
  return 1;
}

/**
 * Cuts an output into samples: along the axis that bears the batch's name, else the first one if it is as long as the
 * batch, else the only one that is. Null when no axis holds the samples.
 * @throws RangeError for strings
 */
export function sampleRows(
  output: DenseTensor,
  { batchLength, count }: RunShape,
  declared: { readonly output: ValueSignature | undefined; readonly batchAxis: BatchAxis },
): SampleRows | null {
  const { type, dims } = output;
  const axis = sampleAxis(dims, batchLength, declared);
  if (axis === null && batchLength > 1) return null;
  const rowDims = axis === null ? dims : dims.toSpliced(axis, 1);
  const rowLength = elementCount(rowDims);
  const values = numbersOf(output);
  const outer = elementCount(dims.slice(0, axis ?? 0));
  const rows = outer === 1 ? values : gatherRows(values, { outer, batchLength, rowLength });
  return { type, count: axis === null ? 1 : count, dims: rowDims, rowLength, values: rows };
}

function sampleAxis(
  dims: readonly number[],
  length: number,
  { output, batchAxis }: { readonly output: ValueSignature | undefined; readonly batchAxis: BatchAxis },
): number | null {
  const named = output === undefined || batchAxis.kind !== 'symbolic' ? null : batchAxisOf(output, batchAxis);
  if (named !== null && dims[named] === length) return named;
  if (dims[0] === length) return 0;
  const matching = dims.flatMap((dim, axis) => (dim === length ? [axis] : []));
  const [only] = matching;
  // An axis of length 1 is everywhere: it says nothing.
  return length > 1 && matching.length === 1 && only !== undefined ? only : null;
}

interface Layout {
  readonly outer: number;
  readonly batchLength: number;
  readonly rowLength: number;
}

/** Brings a batch axis that is not the first one there. */
function gatherRows(values: NumberArray, { outer, batchLength, rowLength }: Layout): NumberArray {
  const inner = rowLength / outer;
  const rows = new Float64Array(values.length);
  for (let block = 0; block < outer; block++) {
    for (let sample = 0; sample < batchLength; sample++) {
      const from = (block * batchLength + sample) * inner;
      rows.set(values.subarray(from, from + inner), sample * rowLength + block * inner);
    }
  }
  return rows;
}
