import { planBatches } from '../../data/data-batches.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { NodeProfile } from '../../runtime/runtime.ts';
import type { TrialWork } from './trial-work.ts';

/** Profiled runs to take medians of. */
const profiledRuns = 20;

/** Where the time goes in a model on the CPU, as the runtime optimized it. Throws what loading and running it throw. */
export async function profileFile(work: TrialWork, modelPath: string): Promise<readonly NodeProfile[]> {
  const { context, threads, request } = work;
  const { timeoutMs } = request;
  const options = {
    modelPath,
    provider: 'cpu',
    threads,
    optimization: 'all',
    strictProvider: false,
    timeoutMs,
  } as const;
  const session = await context.runtime.open(options, context.signal);
  try {
    return await session.profile(await profileFeeds(work), profiledRuns);
  } finally {
    await session.close();
  }
}

/** The inputs that latency is measured on. */
async function profileFeeds({ feeds, reference, request }: TrialWork): Promise<NamedTensors> {
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
