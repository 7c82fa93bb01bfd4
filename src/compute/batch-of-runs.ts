import { concatTensors } from '../data/concat-tensors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ReferenceRun } from './reference-runs.ts';

/** The axis along which an input or output holds samples, by name; the others are the same for all samples. */
export type SampleAxes = ReadonlyMap<string, number>;

/**
 * Two runs as one: their inputs and outputs side by side along the axis of samples, which is what a model whose batch
 * was made dynamic must give for two samples at once. None where no axis holds samples.
 */
export function batchOfRuns(runs: readonly ReferenceRun[], axes: SampleAxes): readonly ReferenceRun[] {
  const [first] = runs;
  if (first === undefined || axes.size === 0) return [];
  // Where what all samples share differs from run to run, two runs do not go together: one of them twice does.
  const second = runs.find((run) => run !== first && shares(run.feeds, first.feeds, axes)) ?? first;
  const feeds = sideBySide(first.feeds, second.feeds, axes);
  const expected = sideBySide(first.expected, second.expected, axes);
  return [{ feeds, expected, isData: first.isData && second.isData }];
}

function shares(a: NamedTensors, b: NamedTensors, axes: SampleAxes): boolean {
  return Object.entries(a).every(([name, { data }]) => {
    const other = b[name]?.data ?? [];
    return axes.has(name) || Array.from({ length: data.length }).every((_, at) => Object.is(data[at], other[at]));
  });
}

function sideBySide(a: NamedTensors, b: NamedTensors, axes: SampleAxes): NamedTensors {
  return Object.fromEntries(
    Object.entries(a).map(([name, tensor]) => {
      const axis = axes.get(name);
      const other = b[name];
      return [name, axis === undefined || other === undefined ? tensor : concatTensors([tensor, other], axis)];
    }),
  );
}
