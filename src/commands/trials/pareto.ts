/** What is weighed of a candidate; less is better in all three. */
export interface Weighed {
  /** Null where it was not measured. */
  readonly latencyMs: number | null;
  readonly sizeBytes: number;
  /** How far it is from the original. */
  readonly loss: number;
  readonly failed: boolean;
}

/** For each candidate whether no other one is at least as good in everything and better in something. */
export function paretoOf(candidates: readonly Weighed[]): readonly boolean[] {
  return candidates.map((each) => !each.failed && !candidates.some((other) => beats(other, each)));
}

function beats(a: Weighed, b: Weighed): boolean {
  if (a.failed) return false;
  const pairs = [
    [a.latencyMs ?? Infinity, b.latencyMs ?? Infinity],
    [a.sizeBytes, b.sizeBytes],
    [a.loss, b.loss],
  ] as const;
  return pairs.every(([x, y]) => x <= y) && pairs.some(([x, y]) => x < y);
}

/** By the metric where there is one, else by the noise. */
export function lossOf({ drop, sqnrDb }: { readonly drop: number | null; readonly sqnrDb: number | null }): number {
  return drop ?? (sqnrDb === null ? 0 : -sqnrDb);
}
