import type { BenchResult, Comparison } from '../bench/bench-result.ts';
import type { LabeledPoint } from './bench-factors.ts';
import { modelLabels } from './model-labels.ts';

/** The points of a result with the short names of their models, in the order they were planned. */
export function benchRows(result: BenchResult): readonly LabeledPoint[] {
  const labels = modelLabels(result.models.map((model) => model.path));
  return result.points.map((point) => ({ label: labels[point.modelIndex] ?? point.model, point }));
}

/** How a point fared against the same point of the first model; `reference` when it is one that others are held against. */
export function comparisonOf(result: BenchResult, index: number): Comparison | 'reference' | null {
  const own = result.comparisons.find((comparison) => comparison.point === index);
  if (own !== undefined) return own;
  return result.comparisons.some((comparison) => comparison.against === index) ? 'reference' : null;
}

/** Whether an interval says faster or slower; undecided when it holds 1 or was not measured. */
export function speedupVerdict({ speedup }: Pick<Comparison, 'speedup'>): 'faster' | 'slower' | 'undecided' {
  if (speedup.low !== null && speedup.low > 1) return 'faster';
  return speedup.high !== null && speedup.high < 1 ? 'slower' : 'undecided';
}
