import { compareCandidate, leastSqnrDb } from '../trials/compare-candidate.ts';
import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Candidate } from '../../quantize/quantize-result.ts';
import type { CandidateFile } from '../trials/candidate-file.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import { defaultMaxDrop } from './goals.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import type { Outcome } from './outcome.ts';
import type { FedWork } from './work.ts';

/** Compares what weights by blocks, weights alone or float16 made of a model with the original, and measures it. */
export async function judgeWeights(work: FedWork, outcome: Outcome): Promise<Outcome> {
  const { request, feeds, context } = work;
  if (!request.verify) return outcome;
  const { scheme, target } = request.settings;
  const file = await writeCandidate(outcome.model, context.signal);
  try {
    const maxDrop = request.data.path === null ? null : (request.goals.maxDrop?.limit ?? defaultMaxDrop.limit);
    const findings = await compareCandidate(work, {
      name: scheme,
      path: file.path,
      samples: feeds.evaluation,
      maxDrop,
    });
    const isMeasured = target === 'cpu' && request.budgetMs !== null;
    const timing = isMeasured ? await measureCandidates(work, [file.path], request.budgetMs) : null;
    const measured = timing?.candidates.get(file.path) ?? null;
    const candidate = { ...candidateOf(scheme, { file, findings, measured }), quantizedNodes: outcome.done.size };
    return {
      ...outcome,
      candidates: [candidate],
      findings,
      measured,
      sizeBytes: file.sizeBytes,
      failure: timing?.failure ?? null,
      interrupted: context.signal.aborted,
      warnings: [...outcome.warnings, ...(timing?.warnings ?? [])],
    };
  } finally {
    file.dispose();
  }
}

interface Judged {
  readonly file: CandidateFile;
  readonly findings: EvaluateFindings;
  readonly measured: MeasuredCandidate | null;
}

function candidateOf(name: string, { file, findings, measured }: Judged): Omit<Candidate, 'quantizedNodes'> {
  return {
    name,
    chosen: true,
    pareto: true,
    sizeBytes: file.sizeBytes,
    latencyMs: measured?.latencyMs ?? null,
    speedup: measured?.speedup ?? null,
    sqnrDb: leastSqnrDb(findings),
    drop: findings.drop?.drop?.value ?? null,
    failure: null,
  };
}
