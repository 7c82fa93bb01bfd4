import type { Model } from '../model.ts';
import { inferTypes } from '../shape/infer-types.ts';
import type { Value } from '../value.ts';
import type { Shape } from '../value-type.ts';

/** What is known of values' shapes without running the model; null where nothing is. */
export type ShapeOf = (value: Value | null) => Shape;

/** Shapes of a model's values as it is when the first is asked for. Values made later have none. */
export function inferredShapes(model: Model): ShapeOf {
  let types: ReturnType<typeof inferTypes> | null = null;
  return (value) => {
    if (value === null) return null;
    types ??= inferTypes(model);
    return types.get(value)?.shape ?? null;
  };
}
