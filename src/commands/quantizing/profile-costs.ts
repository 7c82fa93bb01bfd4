import { InferError } from '../../errors.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import type { OwnedTimes } from '../../quantize/plan/profile-owner.ts';
import { ownedTimes } from '../../quantize/plan/profile-owner.ts';
import { planBatches } from '../../data/data-batches.ts';
import { writeCandidate } from './candidate-file.ts';
import type { FedWork } from './work.ts';

/** Profiled runs to take medians of. */
const profiledRuns = 20;

export interface ProfileOptions {
  readonly plan: CandidatePlan;
  readonly build: BuildOptions;
}

/** Where the time goes in a candidate, by the nodes of the prepared model; null where it cannot be told. */
export async function profileCandidate(work: FedWork, { plan, build }: ProfileOptions): Promise<OwnedTimes | null> {
  const { context, request, threads, prepared } = work;
  context.onEvent({ kind: 'profiling', name: plan.name });
  const built = buildCandidate(prepared, plan, { ...build, marked: true });
  const file = await writeCandidate(built.model, context.signal);
  try {
    const session = await context.runtime.open(
      {
        modelPath: file.path,
        provider: 'cpu',
        threads,
        optimization: 'all',
        strictProvider: false,
        timeoutMs: request.timeoutMs,
      },
      context.signal,
    );
    try {
      return ownedTimes(prepared, await session.profile(await profileFeeds(work), profiledRuns));
    } finally {
      await session.close();
    }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof InferError)) throw error;
    return null;
  } finally {
    file.dispose();
  }
}

/** The inputs that latency is measured on. */
async function profileFeeds({ feeds, reference, request }: FedWork): Promise<NamedTensors> {
  const samples = await feeds.benchSamples();
  const { inputs } = reference.signature;
  const isBatched = request.data.batch !== null && feeds.batchAxis.kind === 'symbolic';
  const { tensors } = planBatches(inputs, {
    modelPath: request.modelPath,
    dims: {},
    shapes: {},
    values: {},
    batch: isBatched ? request.data.batch : null,
    batchAxis: feeds.batchAxis,
    integerLimits: {},
    samples,
    poolSize: 1,
    seed: request.seed,
  }).at(0);
  return tensors;
}
