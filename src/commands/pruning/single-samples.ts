import type { BatchAxis } from '../../data/batch-axis.ts';
import { batchAxisOf } from '../../data/batch-axis.ts';
import type { DatasetBatch } from '../../data/dataset.ts';
import { batchLengthOf } from '../../evaluate/sample-rows.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import { Tensor } from '../../onnx/tensor.ts';
import { sliceTensor } from '../../prune/groups/slice-tensor.ts';

/** What a run takes, and how many samples that is, those that fill it up counted. */
export interface SingleSample extends DatasetBatch {
  readonly length: number;
}

/** A batch sample by sample, where the model takes any number of them; else the batch as it is. */
export function* singleSamples(
  batch: DatasetBatch,
  { signature, batchAxis }: { readonly signature: ModelSignature; readonly batchAxis: BatchAxis },
): Generator<SingleSample, void, undefined> {
  const length = batchLengthOf(signature, batchAxis, batch.feeds);
  if (batchAxis.kind !== 'symbolic' || length === 1) {
    yield { ...batch, length };
    return;
  }
  const axes = new Map(signature.inputs.map((input) => [input.name, batchAxisOf(input, batchAxis)]));
  for (const [row, index] of batch.indices.entries()) {
    const feeds = Object.entries(batch.feeds).map(([name, tensor]) => {
      const axis = axes.get(name) ?? null;
      if (axis === null) return [name, tensor] as const;
      return [name, sliceTensor(Tensor.fromDense(tensor), axis, Int32Array.of(row)).toDense()] as const;
    });
    const labels = batch.labels?.slice(row, row + 1) ?? null;
    yield { indices: [index], feeds: Object.fromEntries(feeds), labels, expected: null, length: 1 };
  }
}
