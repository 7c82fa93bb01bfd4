import type { PruneCandidate } from '../../prune/prune-result.ts';
import { modelMacs } from '../model-macs.ts';
import { leastSqnrDb } from '../trials/compare-candidate.ts';
import { lossOf, paretoOf } from '../trials/pareto.ts';
import { parametersOf } from './figures.ts';
import type { PruneTrial } from './trial.ts';
import type { PruneWork } from './work.ts';

export interface Tried {
  readonly trials: readonly PruneTrial[];
  readonly chosen: PruneTrial;
}

/** Every model that was tried, and those that no other one beats in everything. */
export function describeCandidates(work: PruneWork, { trials, chosen }: Tried): PruneCandidate[] {
  const before = { macs: modelMacs(work.prepared, work.dims), parameters: parametersOf(work.prepared) };
  const plain = trials.map((trial) => candidateOf(work, trial, before));
  const isBest = paretoOf(
    plain.map((each) => ({
      latencyMs: each.latencyMs?.value ?? null,
      sizeBytes: each.sizeBytes,
      loss: lossOf(each),
      failed: each.failure !== null,
    })),
  );
  return plain.map((each, i) => ({ ...each, chosen: trials[i] === chosen, pareto: isBest[i] === true }));
}

interface Before {
  readonly macs: number | null;
  readonly parameters: number;
}

function candidateOf(
  { dims }: PruneWork,
  { name, model, file, findings, failure, measured }: PruneTrial,
  before: Before,
): PruneCandidate {
  const macs = modelMacs(model, dims);
  return {
    name,
    chosen: false,
    pareto: false,
    macs: macs === null || before.macs === null || before.macs === 0 ? null : macs / before.macs,
    parameters: before.parameters === 0 ? 1 : parametersOf(model) / before.parameters,
    sizeBytes: file.sizeBytes,
    latencyMs: measured?.latencyMs ?? null,
    speedup: measured?.speedup ?? null,
    sqnrDb: findings === null ? null : leastSqnrDb(findings),
    drop: findings?.drop?.drop?.value ?? null,
    failure: failure === null ? null : { code: failure.code, details: { ...failure.details } },
  };
}
