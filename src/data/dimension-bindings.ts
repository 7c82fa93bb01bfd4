import { UsageError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';

/** Sizes of symbolic dimensions as they become known. One size each: a second one that differs is refused. */
export class DimensionBindings {
  readonly #sizes = new Map<string, number>();

  get(dimension: string): number | undefined {
    return this.#sizes.get(dimension);
  }

  /** @throws UsageError `dimension-conflict` when it already has another size. */
  bind(dimension: string, size: number): void {
    const first = this.#sizes.get(dimension);
    if (first !== undefined && first !== size) {
      throw new UsageError('dimension-conflict', { dimension, first, second: size });
    }
    this.#sizes.set(dimension, size);
  }

  /** Binds an input's symbolic axes to a whole shape. @throws UsageError `shape-mismatch`, `dimension-conflict` */
  bindShape(input: ValueSignature, given: readonly number[]): void {
    const fits = given.length === input.shape.length && input.shape.every((axis, i) => isNamedOr(axis, given[i]));
    if (!fits) throw new UsageError('shape-mismatch', { input: input.name, given, declared: input.shape });
    for (const [i, axis] of input.shape.entries()) {
      const size = given[i];
      if (typeof axis === 'string' && size !== undefined) this.bind(axis, size);
    }
  }

  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sizes);
  }
}

function isNamedOr(axis: number | string, size: number | undefined): boolean {
  return typeof axis === 'string' || axis === size;
}
