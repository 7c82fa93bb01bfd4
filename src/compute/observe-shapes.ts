import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Model } from '../onnx/model.ts';
import { allGraphsOf, valuesOf } from '../onnx/traverse.ts';
import type { TensorShape } from '../runtime/model-runner.ts';
import type { ObservedRuns, ShapeObservation } from './observe-runs.ts';
import { observeRuns } from './observe-runs.ts';

/** Why nothing was seen of a value: its node is inside an If, Loop or Scan, or the runtime has no shape for it. */
export interface SkippedValue {
  readonly name: string;
  readonly reason: 'in-subgraph' | 'no-shape';
}

export interface ObservedShapes {
  /** By name, every value that a node of the main graph makes. */
  readonly values: ReadonlyMap<string, TensorShape>;
  readonly skipped: readonly SkippedValue[];
}

/**
 * Runs a model once and reads the real type and shape of every value in between, as the model is written: without
 * graph optimizations, and with no more memory than it takes anyway. Throws what the runtime says when the model does
 * not run on these inputs.
 */
export async function observeShapes(observation: ShapeObservation, feeds: NamedTensors): Promise<ObservedShapes> {
  const { runs, shapeless } = await observeRuns(observation, [feeds]);
  return { values: runs[0] ?? new Map(), skipped: skippedValues(observation.model, shapeless) };
}

/** Everything that was not seen, and why. */
export function skippedValues(model: Model, shapeless: ObservedRuns['shapeless']): readonly SkippedValue[] {
  const skipped: SkippedValue[] = shapeless.map(({ name }) => ({ name, reason: 'no-shape' }));
  for (const graph of allGraphsOf(model.graph)) {
    if (graph === model.graph) continue;
    for (const { name, producer } of valuesOf(graph))
      if (producer !== null) skipped.push({ name, reason: 'in-subgraph' });
  }
  return skipped;
}
