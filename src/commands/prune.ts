import type { PruneResult } from '../prune/prune-result.ts';
import { checkModelOutput } from './check-model-output.ts';
import type { PruneRequest } from './prune-request.ts';
import { finishPruning } from './pruning/finish.ts';
import { pruneKindOf } from '../prune/prune-settings.ts';
import type { PruneOutcome } from './pruning/outcome.ts';
import { defaultMaxDrop } from './pruning/prune-goals.ts';
import { pruneDepth } from './pruning/prune-depth.ts';
import { pruneStructured } from './pruning/prune-structured.ts';
import { pruneWeights } from './pruning/prune-weights.ts';
import { runDims } from './pruning/run-dims.ts';
import type { PruneContext, PruneWork } from './pruning/work.ts';
import { cleanOriginal } from './trials/clean-original.ts';
import { openFeeds } from './trials/feeds.ts';
import { refuseQuantized } from './trials/refuse-quantized.ts';
import type { OpenedOriginal } from './trials/with-original.ts';
import { withOriginal } from './trials/with-original.ts';

export type { PruneContext };

/**
 * Takes out of a model what it can do without, refits what is left, proves that it is smaller, faster and good enough,
 * and writes it when it reaches its goals. Throws UsageError, ModelError, DataError and RuntimeError; nothing is written
 * then.
 */
export async function prune(request: PruneRequest, context: PruneContext): Promise<PruneResult> {
  const startedMs = context.runtime.nowMs();
  checkOutput(request);
  return withOriginal(request, context, (opened) => run({ request, context, ...opened }, startedMs));
}

function checkOutput({ modelPath, outputPath, force, data, seed }: PruneRequest): void {
  const inputs = { shapes: data.shapes, values: data.values, dataPath: data.path, samples: data.samples, seed };
  checkModelOutput({ modelPath, outputPath, force, inputs });
}

type Run = Pick<PruneWork, 'request' | 'context'> & OpenedOriginal;

async function run(shared: Run, startedMs: number): Promise<PruneResult> {
  const { request, context, runner } = shared;
  const { model } = shared.original.opened;
  const { modelPath } = request;
  const reference = await runner.load({ path: modelPath }, { name: modelPath, optimization: 'all' });
  refuseQuantized(model, modelPath);
  await cleanOriginal(model, {
    path: modelPath,
    runner,
    leastOpset: 13,
    // Folded into convolutions, norms have no scales to go by.
    skip: request.settings.score === 'bn-scale' ? normFolds : [],
    onPass: (pass, nodes) => context.onEvent({ kind: 'pass', pass, nodes }),
    signal: context.signal,
  });
  const trains = request.settings.distillEpochs !== null;
  const feeds = await openFeeds({ request, model, loaded: reference, trains });
  try {
    const maxDrop = request.data.path === null ? null : (request.goals.maxDrop ?? defaultMaxDrop).limit;
    const dims = await runDims({ feeds, reference });
    const work: PruneWork = { ...shared, prepared: model, feeds, reference, dims, maxDrop };
    const outcome = await outcomeOf(work);
    return await finishPruning(work, { ...outcome, warnings: [...feeds.warnings, ...outcome.warnings] }, startedMs);
  } finally {
    await feeds.close();
  }
}

const normFolds = ['fuse-conv-batch-normalization', 'fuse-gemm-batch-normalization'];

function outcomeOf(work: PruneWork): Promise<PruneOutcome> {
  switch (pruneKindOf(work.request.settings)) {
    case 'depth':
      return pruneDepth(work);
    case 'sparsity':
    case 'pattern':
      return pruneWeights(work);
    case 'structured':
      return pruneStructured(work);
  }
}
