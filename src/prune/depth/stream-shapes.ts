import type { DataType } from '../../onnx/data-type.ts';
import type { Model } from '../../onnx/model.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import type { TensorInfo } from '../../onnx/shape/tensor-info.ts';
import type { Dimension } from '../../onnx/value-type.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';

const floatTypes: ReadonlySet<DataType> = new Set(['float32', 'float16', 'bfloat16', 'float64']);

/** Which values may stand for each other: by their shapes in a run, and by what the model says of other runs. */
export class StreamShapes {
  readonly #seen: ReadonlyMap<string, TensorShape>;
  readonly #told: ReadonlyMap<Value, TensorInfo>;

  constructor(model: Model, seen: ReadonlyMap<string, TensorShape>) {
    this.#seen = seen;
    this.#told = inferTypes(model);
  }

  /** Whether it was seen, and holds floats. */
  isFloat({ name }: Value): boolean {
    const shape = this.#seen.get(name);
    return shape !== undefined && floatTypes.has(shape.type);
  }

  /** Whether two values have the same type and shape, also in batches of another size than the run's. */
  isSame(a: Value, b: Value): boolean {
    const [one, other] = [this.#seen.get(a.name), this.#seen.get(b.name)];
    if (one === undefined || other === undefined || one.type !== other.type) return false;
    if (one.dims.length !== other.dims.length) return false;
    return one.dims.every(
      (length, axis) => length === other.dims[axis] && !isUnlike(this.#dimension(a, axis), this.#dimension(b, axis)),
    );
  }

  #dimension(value: Value, axis: number): Dimension {
    return this.#told.get(value)?.shape?.[axis] ?? null;
  }
}

/** One is a length for good and the other a symbol. Two symbols may be two names for one thing. */
function isUnlike(a: Dimension, b: Dimension): boolean {
  return a !== null && b !== null && typeof a !== typeof b;
}
