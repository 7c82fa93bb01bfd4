import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Finding } from '../../errors.ts';
import { InferError, UsageError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { CandidateFile } from '../trials/candidate-file.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import { compareCandidate } from '../trials/compare-candidate.ts';
import type { SampleSet } from '../trials/feeds.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import type { PruneWork } from './work.ts';

/** A pruned model on disk, and what came of it. */
export interface PruneTrial {
  readonly name: string;
  readonly model: Model;
  readonly file: CandidateFile;
  /** Null where it does not load or run, or nobody compared. */
  readonly findings: EvaluateFindings | null;
  readonly failure: Finding | null;
  readonly measured: MeasuredCandidate | null;
}

export interface TrialOptions {
  readonly name: string;
  readonly model: Model;
  /** What it is compared on; null for not at all. */
  readonly samples: SampleSet | null;
}

/** Writes a pruned model to a temporary file and compares it with the original. Interruptions pass through. */
export async function tryPruned(work: PruneWork, { name, model, samples }: TrialOptions): Promise<PruneTrial> {
  const file = await writeCandidate(model, work.context.signal);
  const trial = { name, model, file, measured: null };
  if (!work.request.verify || samples === null) return { ...trial, findings: null, failure: null };
  try {
    const comparing = { name, path: file.path, samples, maxDrop: work.maxDrop };
    return { ...trial, findings: await compareCandidate(work, comparing), failure: null };
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError) || error instanceof UsageError) {
      file.dispose();
      throw error;
    }
    return { ...trial, findings: null, failure: { code: error.code, details: { ...error.details } } };
  }
}

/** Whether its point estimate keeps the limit; true where there is none. */
export function isCloseEnough({ findings, failure }: Pick<PruneTrial, 'findings' | 'failure'>): boolean {
  if (failure !== null) return false;
  const drop = findings?.drop ?? null;
  if (drop === null) return true;
  return drop.drop !== null && drop.drop.value <= drop.threshold;
}
