/** Where the classes lie in a sample. */
export interface ClassAxis {
  /** 1 where a sample is one number. */
  readonly classes: number;
  /** Places that have a class each: steps in time, tokens, pixels. */
  readonly positions: number;
  /** Distance of two classes of a position: 1 on the last axis. */
  readonly step: number;
}

/**
 * The axis of a sample's classes: the last one, but the first where the last has length 1 or there are three and more,
 * as with pictures. Null where neither has more than one element, except for a single number.
 */
export function classAxisOf(dims: readonly number[]): ClassAxis | null {
  const total = dims.reduce((product, dim) => product * dim, 1);
  if (total === 1) return { classes: 1, positions: 1, step: 1 };
  const last = dims.at(-1) ?? 1;
  const first = dims[0] ?? 1;
  if (last > 1 && dims.length <= 2) return { classes: last, positions: total / last, step: 1 };
  return first > 1 ? { classes: first, positions: total / first, step: total / first } : null;
}

/** Where a position's classes begin. */
export function startOf({ classes, step }: ClassAxis, position: number): number {
  return step === 1 ? position * classes : position;
}
