import type { DropLimit } from '../../evaluate/drop-limit.ts';
import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Finding } from '../../errors.ts';
import { InferError, UsageError } from '../../errors.ts';
import type { BuiltCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import type { CandidateFile } from '../trials/candidate-file.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import { compareCandidate } from '../trials/compare-candidate.ts';
import type { SampleSet } from '../trials/feeds.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import type { FedWork } from './work.ts';

/** A plan that was carried out, and what came of it. */
export interface Trial {
  readonly plan: CandidatePlan;
  readonly built: BuiltCandidate;
  readonly file: CandidateFile;
  /** Null where it does not load or run, or nobody compared. */
  readonly findings: EvaluateFindings | null;
  readonly failure: Finding | null;
  readonly measured: MeasuredCandidate | null;
}

export interface TrialOptions {
  readonly plan: CandidatePlan;
  readonly built: BuiltCandidate;
  readonly samples: SampleSet;
  readonly maxDrop: DropLimit | null;
}

/** Writes a candidate to a temporary file and compares it with the original. Interruptions pass through. */
export async function tryCandidate(work: FedWork, { plan, built, samples, maxDrop }: TrialOptions): Promise<Trial> {
  const file = await writeCandidate(built.model, work.context.signal);
  const trial = { plan, built, file, measured: null };
  if (!work.request.verify) return { ...trial, findings: null, failure: null };
  try {
    const findings = await compareCandidate(work, { name: plan.name, path: file.path, samples, maxDrop });
    return { ...trial, findings, failure: null };
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError) || error instanceof UsageError) {
      file.dispose();
      throw error;
    }
    return { ...trial, findings: null, failure: { code: error.code, details: { ...error.details } } };
  }
}

/** Whether its point estimate keeps the limit; true where there is none. */
export function isCloseEnough({ findings, failure }: Trial): boolean {
  if (failure !== null) return false;
  const drop = findings?.drop ?? null;
  if (drop === null) return true;
  return drop.drop !== null && drop.drop.value <= drop.threshold;
}
