import type { Candidate } from '../../quantize/quantize-result.ts';
import { leastSqnrDb } from './compare-candidate.ts';
import type { Trial } from './trial.ts';

/** Every candidate that was tried, and those that no other one beats in everything. */
export function describeCandidates(trials: readonly Trial[], chosen: Trial): readonly Candidate[] {
  const plain = trials.map((trial) => candidateOf(trial, trial === chosen));
  return plain.map((each) => ({
    ...each,
    pareto: each.failure === null && !plain.some((other) => beats(other, each)),
  }));
}

function candidateOf(trial: Trial, chosen: boolean): Candidate {
  const { plan, built, file, findings, failure, measured } = trial;
  return {
    name: plan.name,
    chosen,
    pareto: false,
    quantizedNodes: built.done.size,
    sizeBytes: file.sizeBytes,
    latencyMs: measured?.latencyMs ?? null,
    speedup: measured?.speedup ?? null,
    sqnrDb: findings === null ? null : leastSqnrDb(findings),
    drop: findings?.drop?.drop?.value ?? null,
    failure: failure === null ? null : { code: failure.code, details: { ...failure.details } },
  };
}

/** At least as good in everything, and better in something. */
function beats(a: Candidate, b: Candidate): boolean {
  if (a.failure !== null) return false;
  const pairs = [
    [a.latencyMs?.value ?? Infinity, b.latencyMs?.value ?? Infinity],
    [a.sizeBytes, b.sizeBytes],
    [lossOf(a), lossOf(b)],
  ] as const;
  return pairs.every(([x, y]) => x <= y) && pairs.some(([x, y]) => x < y);
}

/** By the metric where there is one, else by the noise. */
function lossOf({ drop, sqnrDb, failure }: Candidate): number {
  if (failure !== null) return Infinity;
  return drop ?? (sqnrDb === null ? 0 : -sqnrDb);
}
