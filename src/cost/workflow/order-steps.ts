export interface Ordered {
  /** Indices, each after those that it waits for; as in the file where nothing speaks against it. */
  readonly order: readonly number[];
  /** Indices along a circle of steps that wait for one another, the first one again at its end; empty without. */
  readonly cycle: readonly number[];
}

/** @param after for each step, the indices of those that it comes after */
export function orderSteps(after: readonly (readonly number[])[]): Ordered {
  const order: number[] = [];
  const state = after.map((): 'new' | 'open' | 'done' => 'new');
  const open: number[] = [];
  const visit = (step: number): readonly number[] => {
    if (state[step] === 'done') return [];
    if (state[step] === 'open') return [...open.slice(open.indexOf(step)), step];
    state[step] = 'open';
    open.push(step);
    for (const earlier of after[step] ?? []) {
      const cycle = visit(earlier);
      if (cycle.length > 0) return cycle;
    }
    open.pop();
    state[step] = 'done';
    order.push(step);
    return [];
  };
  for (let step = 0; step < after.length; step++) {
    const cycle = visit(step);
    // Found by walking back in time.
    if (cycle.length > 0) return { order: [], cycle: cycle.toReversed() };
  }
  return { order, cycle: [] };
}

/** For each step, the indices of all that come before it. */
export function ancestors(
  after: readonly (readonly number[])[],
  order: readonly number[],
): readonly ReadonlySet<number>[] {
  const found = after.map(() => new Set<number>());
  for (const step of order)
    for (const earlier of after[step] ?? []) {
      found[step]?.add(earlier);
      for (const before of found[earlier] ?? []) found[step]?.add(before);
    }
  return found;
}
