import { isPackedType } from '../onnx/data-type.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { batchAxisOf } from './batch-axis.ts';
import { batchSamples } from './batch-samples.ts';
import type { DatasetOptions } from './dataset-options.ts';
import type { Sample } from './sample.ts';

type Outputs = Pick<DatasetOptions, 'outputs' | 'batchAxis'>;

/** Whether outputs of several samples can be put together: each has the batch axis, told by its name or length. */
export function canJoinExpected(expected: NamedTensors, { outputs, batchAxis }: Outputs): boolean {
  return outputs.every((output) => {
    const tensor = Object.hasOwn(expected, output.name) ? expected[output.name] : undefined;
    if (!tensor) return true;
    const hasAxis = batchAxis.kind !== 'fixed' || output.shape[0] === batchAxis.size;
    return hasAxis && batchAxisOf(output, batchAxis) !== null && !isPackedType(tensor.type);
  });
}

/** What to expect of samples that share a run; null where one of them does not say, or they cannot be joined. */
export function joinExpected(samples: readonly [Sample, ...Sample[]], options: Outputs): NamedTensors | null {
  const [first] = samples;
  if (samples.length === 1 && !(first.expected && canJoinExpected(first.expected, options))) return first.expected;
  const known = samples.flatMap(({ expected, origin }) => (expected === null ? [] : [{ inputs: expected, origin }]));
  const [head, ...tail] = known.map((sample) => ({ ...sample, expected: null }));
  if (!head || known.length < samples.length || !canJoinExpected(head.inputs, options)) return null;
  const names = new Set(known.map(({ inputs }) => Object.keys(inputs).toSorted().join()));
  return names.size > 1 ? null : batchSamples(options.outputs, [head, ...tail], options.batchAxis);
}
