import type { Finding } from '../../errors.ts';
import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Comparison, Speedup } from '../../result/judgement-schemas.ts';
import type { TrialFeeds } from './feeds.ts';
import type { MeasuredCandidate } from './measure-candidates.ts';

/** A finding as results carry it. */
export function plainFinding({ code, details }: Finding) {
  return { code, details: { ...details } };
}

/** How fast the model that was made is, as results carry it. */
export function speedupTold(measured: MeasuredCandidate | null, threads: number): Speedup | null {
  if (measured === null) return null;
  const { speedup, pairs, originalMs, latencyMs } = measured;
  return { ratio: speedup, pairs, ep: 'cpu', threads, beforeMs: originalMs, afterMs: latencyMs };
}

/** How close it is to the original, as results carry it. */
export function comparisonTold(findings: EvaluateFindings | null, source: TrialFeeds['source'] | 'none'): Comparison {
  return {
    source: findings === null ? 'none' : source,
    samples: findings?.samples ?? 0,
    drop: findings?.drop ?? null,
    closeness: findings?.closeness ?? [],
  };
}
