import { DataError } from '../errors.ts';
import { isPackedType } from '../onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';
import { concatTensors } from './concat-tensors.ts';
import type { Sample } from './sample.ts';

/**
 * Puts samples together along each input's batch axis: those of the model's rank are joined there, those of one rank
 * less are stacked. Inputs without a batch axis are taken from the first sample.
 * @throws DataError `data-shape-mismatch` when the samples differ in another axis
 */
export function batchSamples(
  inputs: readonly ValueSignature[],
  samples: readonly [Sample, ...Sample[]],
  batchAxis: BatchAxis,
): NamedTensors {
  const [first] = samples;
  const batched: [string, DenseTensor][] = [];
  for (const input of inputs) {
    const tensor = tensorOf(first, input);
    const axis = batchAxisOf(input, batchAxis);
    if (tensor) batched.push([input.name, axis === null ? tensor : joinAt(input, axis, samples)]);
  }
  return Object.fromEntries(batched);
}

/** How many items a sample holds along the batch axis: its length there, or 1 when it lacks the axis. */
export function itemsIn(inputs: readonly ValueSignature[], sample: Sample, batchAxis: BatchAxis): number {
  for (const input of inputs) {
    const axis = batchAxisOf(input, batchAxis);
    const tensor = tensorOf(sample, input);
    if (axis !== null && tensor) return wholeTensor(input, axis, tensor).dims[axis] ?? 1;
  }
  return 1;
}

function joinAt(input: ValueSignature, axis: number, samples: readonly [Sample, ...Sample[]]): DenseTensor {
  const whole = (sample: Sample): DenseTensor => {
    const tensor = tensorOf(sample, input);
    if (tensor) return wholeTensor(input, axis, tensor);
    const found = Object.keys(sample.inputs);
    throw new DataError('data-missing-input', { path: sample.origin, input: input.name, found });
  };
  const [head, ...tail] = samples;
  const first = whole(head);
  if (tail.length > 0 && isPackedType(first.type)) {
    throw new DataError('data-unsupported', { path: head.origin, problem: `batches of ${first.type}` });
  }
  const rest = tail.map((sample) => {
    const next = whole(sample);
    if (next.dims.every((dim, i) => i === axis || dim === first.dims[i])) return next;
    const details = { path: sample.origin, input: input.name, found: next.dims, expected: first.dims };
    throw new DataError('data-shape-mismatch', details);
  });
  return concatTensors([first, ...rest], axis);
}

/** With the batch axis put in where the sample has none. */
function wholeTensor(input: ValueSignature, axis: number, tensor: DenseTensor): DenseTensor {
  if (tensor.dims.length === input.shape.length) return tensor;
  return { ...tensor, dims: tensor.dims.toSpliced(axis, 0, 1) };
}

function tensorOf(sample: Sample, input: ValueSignature): DenseTensor | undefined {
  return Object.hasOwn(sample.inputs, input.name) ? sample.inputs[input.name] : undefined;
}
