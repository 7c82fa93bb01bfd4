import { batchAxisOf } from '../data/batch-axis.ts';
import { findDimension } from '../data/dimension-names.ts';
import { UsageError } from '../errors.ts';
import type { InputSettings } from './distill-options.ts';
import type { TrainingEnd } from './training-end.ts';

export interface AskedLengths {
  /** Without `--dim` of the batch. */
  readonly inputs: InputSettings;
  /** Samples a step by `--dim`; null where it says nothing of the batch. */
  readonly batch: number | null;
}

/** A length of the batch's dimension is the number of samples a step. Throws UsageError for two that differ, and for 0. */
export function askedLengths({ signature, batchAxis }: TrainingEnd, inputs: InputSettings): AskedLengths {
  const names = batchAxis.kind === 'symbolic' ? [batchAxis.dimension, ...batchAxis.also] : [];
  const isBatch = (name: string): boolean => names.includes(findDimension(signature.inputs, name) ?? '');
  const said = Object.entries(inputs.dims).filter(([name]) => isBatch(name));
  const others = Object.entries(inputs.dims).filter(([name]) => !isBatch(name));
  const [first, second] = [...new Map(said.map((each) => [each[1], each])).values()];
  if (first !== undefined && second !== undefined)
    throw new UsageError('dimension-conflict', { dimension: first[0], first: first[1], second: second[1] });
  if (first?.[1] === 0)
    throw new UsageError('bad-value', { flag: '--dim', value: `${first[0]}=0`, expected: 'at least 1 sample a step' });
  return { inputs: { ...inputs, dims: Object.fromEntries(others) }, batch: first?.[1] ?? null };
}

/** The whole shapes as they are with so many samples: the batch of a shape is that of any one run. */
export function shapesOfBatch(
  { signature, batchAxis }: TrainingEnd,
  shapes: InputSettings['shapes'],
  samples: number,
): InputSettings['shapes'] {
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const input = signature.inputs.find((other) => other.name === name);
    const axis = input === undefined || batchAxis.kind !== 'symbolic' ? null : batchAxisOf(input, batchAxis);
    return [name, axis === null || axis >= shape.length ? shape : shape.with(axis, samples)] as const;
  });
  return Object.fromEntries(entries);
}
