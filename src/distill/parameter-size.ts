import type { TrainingEnd } from './training-end.ts';

/** How many of a model's constants these are, and the numbers in them. */
export function sizeOf({ model }: TrainingEnd, names: readonly string[]) {
  const chosen = new Set(names);
  const found = [...model.graph.initializers].filter(({ name }) => chosen.has(name));
  return { tensors: found.length, elements: found.reduce((sum, { tensor }) => sum + (tensor?.elementCount ?? 0), 0) };
}
