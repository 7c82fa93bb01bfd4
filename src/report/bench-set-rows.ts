import type { Point } from '../bench/bench-result.ts';
import type { BenchSet } from '../result/bench-set.ts';
import type { LabeledPoint } from './bench-factors.ts';
import { pointKey, sortedDims } from './bench-factors.ts';
import { benchRows } from './bench-rows.ts';

/** One point as each result has it; null where a result lacks it. */
export interface BenchSetRow {
  /** The point as the first result that holds it names it. */
  readonly named: LabeledPoint;
  /** As long as the set's results. */
  readonly points: readonly (Point | null)[];
}

/** The union of all results' points, matched by model name and what was asked for. */
export function benchSetRows(set: BenchSet): readonly BenchSetRow[] {
  const byResult = set.results.map(({ result }) => new Map(benchRows(result).map((row) => [pointKey(row), row])));
  const all = new Map(byResult.flatMap((rows) => [...rows]).toReversed());
  const keys = new Set(byResult.flatMap((rows) => [...rows.keys()]));
  return [...keys].flatMap((key) => {
    const named = all.get(key);
    return named === undefined ? [] : [{ named, points: byResult.map((rows) => rows.get(key)?.point ?? null) }];
  });
}

/** Index of the result whose times this one's are held against; null for the first of its group. */
export function baseOf(set: BenchSet, index: number): number | null {
  const first = set.groups.find((group) => group.members.includes(index))?.members[0];
  return first === undefined || first === index ? null : first;
}

/** Median of the base over this one's: above 1 is faster. Null unless both were measured on inputs of one shape. */
export function speedupOver(base: Point | null, point: Point | null): number | null {
  if (base?.latencyMs == null || point?.latencyMs == null) return null;
  return shapeKey(base) === shapeKey(point) ? base.latencyMs.p50.value / point.latencyMs.p50.value : null;
}

function shapeKey({ batch, dims }: Point): string {
  return JSON.stringify([batch, sortedDims(dims)]);
}

/** A, B, …, Z, then R27 and on. */
export function resultLetter(index: number): string {
  return index < 26 ? String.fromCodePoint(65 + index) : `R${index + 1}`;
}
