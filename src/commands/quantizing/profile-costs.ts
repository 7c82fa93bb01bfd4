import { InferError } from '../../errors.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import type { OwnedTimes } from '../../quantize/plan/profile-owner.ts';
import { ownedTimes } from '../../quantize/plan/profile-owner.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import { profileFile } from '../trials/profile-file.ts';
import type { FedWork } from './work.ts';

export interface ProfileOptions {
  readonly plan: CandidatePlan;
  readonly build: BuildOptions;
}

/** Where the time goes in a candidate, by the nodes of the prepared model; null where it cannot be told. */
export async function profileCandidate(work: FedWork, { plan, build }: ProfileOptions): Promise<OwnedTimes | null> {
  const { context, prepared } = work;
  context.onEvent({ kind: 'profiling', name: plan.name });
  const built = buildCandidate(prepared, plan, { ...build, marked: true });
  const file = await writeCandidate(built.model, context.signal);
  try {
    return ownedTimes(prepared, await profileFile(work, file.path));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof InferError)) throw error;
    return null;
  } finally {
    file.dispose();
  }
}
