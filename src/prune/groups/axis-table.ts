import type { DataType } from '../../onnx/data-type.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import type { IndexClasses } from './index-classes.ts';

/** One axis of a value and where its indices are among the classes. */
export interface AxisIndices {
  readonly value: Value;
  readonly axis: number;
  readonly length: number;
  readonly first: number;
  /** 0 for an axis so long that it can only be of positions: one index stands for all. */
  readonly step: 0 | 1;
}

/** Longer axes count samples, positions or words. */
const longestAxis = 2 ** 18;

/** The axes of values, in the order in which they were asked for. */
export class AxisTable {
  readonly #classes: IndexClasses;
  readonly #shapes: ReadonlyMap<string, TensorShape>;
  readonly #axes = new Map<Value, (AxisIndices | null)[]>();
  readonly #list: AxisIndices[] = [];

  constructor(classes: IndexClasses, shapes: ReadonlyMap<string, TensorShape>) {
    this.#classes = classes;
    this.#shapes = shapes;
  }

  /** Lengths of a value's axes: a constant's own, else those of the run; null where none were seen. */
  dims(value: Value): readonly number[] | null {
    if (value.tensor !== null && !value.isInput) return value.tensor.dims;
    return this.#shapes.get(value.name)?.dims ?? null;
  }

  /** Null where none was seen. */
  type(value: Value): DataType | null {
    return value.tensor?.type ?? this.#shapes.get(value.name)?.type ?? null;
  }

  /** Null for an axis of length 1 or less, and for one that is not there: nothing can be taken from it. */
  of(value: Value, axis: number): AxisIndices | null {
    const known = this.#axes.get(value);
    if (known !== undefined) return known[axis] ?? null;
    const axes = (this.dims(value) ?? []).map((length, at) => (length > 1 ? this.#add(value, at, length) : null));
    this.#axes.set(value, axes);
    return axes[axis] ?? null;
  }

  get all(): readonly AxisIndices[] {
    return this.#list;
  }

  #add(value: Value, axis: number, length: number): AxisIndices {
    const step = length > longestAxis ? 0 : 1;
    const first = this.#classes.add(step === 0 ? 1 : length);
    if (step === 0)
      this.#classes.addLocks(first, this.#classes.lockSet({ reason: 'not-a-channel', node: value.name, op: null }));
    const indices = { value, axis, length, first, step } as const;
    this.#list.push(indices);
    return indices;
  }
}

/** The index among the classes of an index along an axis. */
export function elementOf({ first, step }: AxisIndices, index: number): number {
  return first + step * index;
}
