import type { Candidate } from '../../quantize/quantize-result.ts';
import { leastSqnrDb } from '../trials/compare-candidate.ts';
import { lossOf, paretoOf } from '../trials/pareto.ts';
import type { Trial } from './trial.ts';

/** Every candidate that was tried, and those that no other one beats in everything. */
export function describeCandidates(trials: readonly Trial[], chosen: Trial): readonly Candidate[] {
  const plain = trials.map((trial) => candidateOf(trial, trial === chosen));
  const isBest = paretoOf(
    plain.map((each) => ({
      latencyMs: each.latencyMs?.value ?? null,
      sizeBytes: each.sizeBytes,
      loss: lossOf(each),
      failed: each.failure !== null,
    })),
  );
  return plain.map((each, i) => ({ ...each, pareto: isBest[i] === true }));
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
