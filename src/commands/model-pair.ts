/** Something of a model and of the one it is held against, if any. */
export interface ModelPair<T> {
  readonly model: T;
  readonly reference: T | null;
}

export function mapPair<T, U>({ model, reference }: ModelPair<T>, change: (one: T) => U): ModelPair<U> {
  return { model: change(model), reference: reference === null ? null : change(reference) };
}

export function bothOf<T>({ model, reference }: ModelPair<T>): readonly T[] {
  return reference === null ? [model] : [model, reference];
}
