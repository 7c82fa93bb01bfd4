import type { BenchWarning } from '../bench-warning.ts';
import type { Point } from '../bench-result.ts';

/** Models whose cache makes them write something else, a line a model and provider. */
export function languageWarnings({ points }: { readonly points: readonly Point[] }): readonly BenchWarning[] {
  const warnings = points.flatMap(({ model, ep, tokens }): BenchWarning[] => [
    ...(tokens?.matchesUncached === false
      ? [{ code: 'cache-differs' as const, details: { model, ep, ...differenceOf(tokens) } }]
      : []),
    ...(tokens?.sample?.matchesUncached === false ? [{ code: 'text-differs' as const, details: { model, ep } }] : []),
  ]);
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}

/** JSON knows no infinity. */
function differenceOf({ uncachedDifference }: NonNullable<Point['tokens']>): { maxAbs: number; maxRel: number } {
  return uncachedDifference ?? { maxAbs: Number.MAX_VALUE, maxRel: Number.MAX_VALUE };
}
