import { DataError, UsageError } from '../errors.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { batchAxisOf } from './batch-axis.ts';
import { batchSamples, itemsIn } from './batch-samples.ts';
import { checkTensor } from './check-tensor.ts';
import { readDataFile } from './data-file.ts';
import { findDimension } from './dimension-names.ts';
import type { InputRequest } from './input-request.ts';
import { decodeNpy } from './npy.ts';
import { readPbFile } from './pb-file.ts';
import type { Sample } from './sample.ts';

/** The inputs of one run that come from data or files, whole and batched. */
export interface DataBatch {
  readonly tensors: NamedTensors;
  readonly expected: NamedTensors | null;
}

export interface DataBatches {
  /** How many differ from one another; at least 1. */
  readonly count: number;
  /** Batch `index`; they repeat after `count`. */
  at(index: number): DataBatch;
}

/**
 * Groups samples, and the files given for single inputs, into batches of the size asked for: by `--batch`, `--dim`,
 * `--shape` or the model, else as many items as one sample holds. Too few samples are repeated.
 * @throws UsageError `dimension-conflict` when the batch is no multiple of what one sample holds; DataError for files
 */
export function planBatches(inputs: readonly ValueSignature[], request: InputRequest): DataBatches {
  const { batchAxis } = request;
  const samples = request.samples ?? [];
  const files = loadFiles(inputs, request);
  const sampleItems = commonItems(inputs, samples, request);
  const fileItems = files.map((file) => itemsIn(inputs, file, batchAxis));
  const batch = batchWanted(inputs, request) ?? sampleItems ?? Math.max(1, ...fileItems);
  const perRun = sampleItems === null ? 1 : repeats(sampleItems, batch, request);
  const fileTensors = files.map((file, i) => {
    const times = batchAxis.kind === 'none' ? 1 : repeats(fileItems[i] ?? 1, batch, request);
    return batchSamples(inputs, [file, ...repeat(file, times - 1)], batchAxis);
  });
  return {
    count: Math.max(1, Math.ceil(samples.length / perRun)),
    at(index) {
      const chosen = Array.from({ length: perRun }, (_, i) => samples[(index * perRun + i) % samples.length]);
      const [first, ...rest] = chosen.filter((sample) => sample !== undefined);
      const tensors = first ? batchSamples(inputs, [first, ...rest], batchAxis) : {};
      const expected = first && rest.length === 0 && isWhole(inputs, first) ? first.expected : null;
      return { tensors: Object.assign({}, tensors, ...fileTensors), expected };
    },
  };
}

/** Files given by `--input`, each as a sample with that one input. */
function loadFiles(inputs: readonly ValueSignature[], { values, batchAxis }: InputRequest): readonly Sample[] {
  const byName = new Map(Object.entries(values));
  return inputs.flatMap((input) => {
    const value = byName.get(input.name);
    if (value?.kind !== 'file') return [];
    const tensor = readTensor(value.path);
    checkTensor(input, tensor, { path: value.path, batchAxis });
    return [{ inputs: Object.fromEntries([[input.name, tensor]]), expected: null, origin: value.path }];
  });
}

function readTensor(path: string): DenseTensor {
  return path.toLowerCase().endsWith('.pb') ? readPbFile(path).tensor : decodeNpy(readDataFile(path), path);
}

/** Items in each sample, which must be as many in all of them; null without samples. */
function commonItems(
  inputs: readonly ValueSignature[],
  samples: readonly Sample[],
  { batchAxis }: InputRequest,
): number | null {
  const [first] = samples;
  if (!first) return null;
  const items = itemsIn(inputs, first, batchAxis);
  const other = samples.find((sample) => itemsIn(inputs, sample, batchAxis) !== items);
  if (!other) return items;
  const problem = `it holds ${itemsIn(inputs, other, batchAxis)} items, ${first.origin} holds ${items}`;
  throw new DataError('data-malformed', { path: other.origin, offset: null, problem });
}

/** The batch that the user or the model settles; null when neither does. */
function batchWanted(inputs: readonly ValueSignature[], request: InputRequest): number | null {
  const { batch, batchAxis } = request;
  if (batch !== null || batchAxis.kind === 'none') return batch;
  if (batchAxis.kind === 'fixed') return batchAxis.size;
  const names = new Set([batchAxis.dimension, ...batchAxis.also]);
  const dim = Object.entries(request.dims).find(([name]) => names.has(findDimension(inputs, name) ?? ''));
  if (dim) return dim[1];
  const shapes = new Map(Object.entries(request.shapes));
  const sizes = inputs.map((input) => shapes.get(input.name)?.[batchAxisOf(input, batchAxis) ?? -1]);
  return sizes.find((size) => size !== undefined) ?? null;
}

function repeats(items: number, batch: number, { batchAxis }: InputRequest): number {
  if (batch % items === 0 && batch >= items) return batch / items;
  const dimension = batchAxis.kind === 'symbolic' ? batchAxis.dimension : 'batch';
  throw new UsageError('dimension-conflict', { dimension, first: items, second: batch });
}

function repeat<T>(item: T, times: number): readonly T[] {
  return Array.from({ length: times }, () => item);
}

/** Whether the sample is fed as it is, with no batch axis put in: only then are its outputs those to expect. */
function isWhole(inputs: readonly ValueSignature[], sample: Sample): boolean {
  return inputs.every(({ name, shape }) => {
    const tensor = Object.hasOwn(sample.inputs, name) ? sample.inputs[name] : undefined;
    return !tensor || tensor.dims.length === shape.length;
  });
}
