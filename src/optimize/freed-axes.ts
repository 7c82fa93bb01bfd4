import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/value.ts';
import type { Shape } from '../onnx/value-type.ts';

/** An axis of an input or output that had a length and now has a name: a batch made dynamic. */
export interface FreedAxis {
  readonly axis: number;
  readonly length: number;
  readonly dimension: string;
}

/** Declared shapes of a graph's inputs and outputs, to compare with after a rewrite. */
export function declaredShapes({ inputs, outputs }: Graph): ReadonlyMap<string, Shape> {
  return new Map([...inputs, ...outputs].map((value) => [value.name, shapeOf(value)]));
}

/** The axis of each input and output that a rewrite let go of, by name. */
export function freedAxes(before: ReadonlyMap<string, Shape>, graph: Graph): ReadonlyMap<string, FreedAxis> {
  const freed = new Map<string, FreedAxis>();
  for (const [name, shape] of declaredShapes(graph)) {
    for (const [axis, dimension] of (shape ?? []).entries()) {
      const length = before.get(name)?.[axis];
      if (typeof dimension === 'string' && typeof length === 'number') freed.set(name, { axis, length, dimension });
    }
  }
  return freed;
}

function shapeOf({ type }: Value): Shape {
  return type?.kind === 'tensor' ? type.shape : null;
}
