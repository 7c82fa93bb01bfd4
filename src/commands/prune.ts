import { openModel } from '../onnx/file/open-model.ts';
import type { OpenedModel } from '../onnx/file/open-model.ts';
import type { PruneResult } from '../prune/prune-result.ts';
import type { Environment } from '../runtime/environment.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import { checkModelOutput } from './check-model-output.ts';
import { identifyModel } from './identify-model.ts';
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
import { requireProvider } from './require-provider.ts';
import { cleanOriginal } from './trials/clean-original.ts';
import { openFeeds } from './trials/feeds.ts';
import { refuseQuantized } from './trials/refuse-quantized.ts';

export type { PruneContext };

/**
 * Takes out of a model what it can do without, refits what is left, proves that it is smaller, faster and good enough,
 * and writes it when it reaches its goals. Throws UsageError, ModelError, DataError and RuntimeError; nothing is written
 * then.
 */
export async function prune(request: PruneRequest, context: PruneContext): Promise<PruneResult> {
  const startedMs = context.runtime.nowMs();
  checkOutput(request);
  const { sha256, sizeBytes } = await identifyModel(request.modelPath);
  await requireProvider(request.provider, context.runtime);
  const environment = await context.runtime.environment();
  const threads = request.threads ?? environment.cpu.usableCores;
  const { provider, strictProvider, timeoutMs } = request;
  const opened = openModel(request.modelPath);
  try {
    const runner = await context.runtime.openRunner({ threads, provider, strictProvider, timeoutMs }, context.signal);
    try {
      const original = { opened, sha256, sizeBytes };
      return await run({ request, context, environment, threads, original, runner, opened }, startedMs);
    } finally {
      await runner.close();
    }
  } finally {
    opened.close();
  }
}

function checkOutput({ modelPath, outputPath, force, data, seed }: PruneRequest): void {
  const inputs = { shapes: data.shapes, values: data.values, dataPath: data.path, samples: data.samples, seed };
  checkModelOutput({ modelPath, outputPath, force, inputs });
}

interface Run extends Pick<PruneWork, 'request' | 'context' | 'environment' | 'threads' | 'original'> {
  readonly environment: Environment;
  readonly opened: OpenedModel;
  readonly runner: ModelRunner;
}

async function run({ opened, ...shared }: Run, startedMs: number): Promise<PruneResult> {
  const { request, context, runner } = shared;
  const { modelPath } = request;
  const reference = await runner.load({ path: modelPath }, { name: modelPath, optimization: 'all' });
  refuseQuantized(opened.model, modelPath);
  await cleanOriginal(opened.model, {
    path: modelPath,
    runner,
    leastOpset: 13,
    onPass: (pass, nodes) => context.onEvent({ kind: 'pass', pass, nodes }),
    signal: context.signal,
  });
  const feeds = await openFeeds({ request, model: opened.model, loaded: reference });
  try {
    const maxDrop = request.data.path === null ? null : (request.goals.maxDrop ?? defaultMaxDrop).limit;
    const dims = await runDims({ feeds, reference });
    const work: PruneWork = { ...shared, prepared: opened.model, feeds, reference, dims, maxDrop };
    const outcome = await outcomeOf(work);
    return await finishPruning(work, { ...outcome, warnings: [...feeds.warnings, ...outcome.warnings] }, startedMs);
  } finally {
    await feeds.close();
  }
}

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
