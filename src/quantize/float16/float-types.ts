import type { DataType } from '../../onnx/data-type.ts';
import type { Model } from '../../onnx/model.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import type { Value } from '../../onnx/value.ts';

/**
 * What the rewrite may do with a value: `float32` tensors become float16, `other` tensors never change. `unknown` is
 * what no rule tells the type of, sequences among it: whoever touches it is left as it is, which is always right.
 */
export type FloatKind = 'float32' | 'other' | 'unknown';

/** Types of the values of a model's main graph and its subgraphs, as they were when asked for. */
export interface FloatTypes {
  kindOf(this: void, value: Value): FloatKind;
  /** Element type of a tensor; null where it is unknown or none. */
  typeOf(this: void, value: Value): DataType | null;
}

/** Infers the types of a model before it is rewritten. Values made later are unknown to it. */
export function floatTypes(model: Model): FloatTypes {
  const types = inferTypes(model);
  const typeOf = (value: Value): DataType | null => {
    const declared = value.type;
    if (declared !== null && declared.kind !== 'tensor' && declared.kind !== 'sparse-tensor') return null;
    return types.get(value)?.elementType ?? declared?.elementType ?? null;
  };
  return {
    typeOf,
    kindOf: (value) => {
      const type = typeOf(value);
      if (type === null) return 'unknown';
      return type === 'float32' ? 'float32' : 'other';
    },
  };
}
