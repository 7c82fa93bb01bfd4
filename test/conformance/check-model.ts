import { compareRuns, rewriteTolerance } from '../../src/compute/equivalence.ts';
import { InferError } from '../../src/errors.ts';
import { describeError } from '../../src/report/messages/message.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { optimizeModel } from '../../src/optimize/optimize-model.ts';
import type { ModelRunner } from '../../src/runtime/model-runner.ts';

/** Inputs and, where somebody else has computed them, the outputs they give. */
export interface Trial {
  readonly feeds: NamedTensors;
  readonly expected: NamedTensors | null;
}

export type OptimizeOutcome =
  /** The original cannot be loaded or run by the runtime, so nothing can be compared. */
  | { readonly kind: 'unrunnable'; readonly problem: string }
  | { readonly kind: 'equal'; readonly before: number; readonly after: number; readonly trials: number }
  | { readonly kind: 'wrong'; readonly problem: string };

const settings = { path: 'the model', dims: {}, dynamicBatch: false, opset: null, inlineFunctions: false, skip: [] };

/**
 * Optimizes a model and runs both on every trial: the optimized one must give what the original gives, and what is
 * expected wherever the original does.
 */
export async function checkOptimized(
  bytes: Uint8Array,
  trials: readonly Trial[],
  runner: ModelRunner,
): Promise<OptimizeOutcome> {
  const model = readModelBytes(bytes);
  const before = model.graph.nodeCount;
  // Also where the runtime cannot run it: a crash of ours would show.
  await optimizeModel(model, settings, { runner, onPass: () => undefined });
  checkGraph(model);
  const original = await outputsOf(bytes, trials, runner);
  if ('problem' in original) return { kind: 'unrunnable', problem: original.problem };
  const optimized = await outputsOf(encodeModel(model), trials, runner);
  if ('problem' in optimized) return { kind: 'wrong', problem: `it does not run any more: ${optimized.problem}` };
  for (const [index, trial] of trials.entries()) {
    const found = optimized.outputs[index] ?? {};
    const own = original.outputs[index] ?? {};
    const problem = differing(found, own);
    if (problem !== null) return { kind: 'wrong', problem };
    if (trial.expected === null || differing(own, trial.expected) !== null) continue;
    const wrong = differing(found, trial.expected);
    if (wrong !== null) return { kind: 'wrong', problem: `not as expected: ${wrong}` };
  }
  return { kind: 'equal', before, after: model.graph.nodeCount, trials: trials.length };
}

async function outputsOf(
  bytes: Uint8Array,
  trials: readonly Trial[],
  runner: ModelRunner,
): Promise<{ readonly outputs: readonly NamedTensors[] } | { readonly problem: string }> {
  try {
    const loaded = await runner.load({ bytes });
    const outputs: NamedTensors[] = [];
    try {
      for (const { feeds } of trials) outputs.push(await loaded.run(feeds));
      return { outputs };
    } finally {
      await loaded.release();
    }
  } catch (error) {
    if (error instanceof InferError) return { problem: describeError(error) };
    throw error;
  }
}

function differing(found: NamedTensors, expected: NamedTensors): string | null {
  const wrong = compareRuns([{ found, expected }], rewriteTolerance).find(({ matches }) => !matches);
  return wrong === undefined ? null : `'${wrong.name}' differs by ${wrong.maxAbs ?? 'no number'}`;
}
