import { copyModel } from '../../compute/copy-model.ts';
import { ModelError } from '../../errors.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import { toFloat16 } from '../../quantize/float16/to-float16.ts';
import { nodesToKeep } from '../../quantize/float16/nodes-to-keep.ts';
import { nodeIdentity } from '../../quantize/float16/node-identity.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import { blocksPlan, int8WeightsPlan } from '../../quantize/plan/weight-plans.ts';
import type { FloatReason, Treatment } from '../../quantize/vocabulary.ts';
import { allNodes, nodeKey } from '../../quantize/rewrite/node-key.ts';
import type { CalibratedWeight } from './block-weights.ts';
import { settledAlgorithm, weightRewriter } from './block-weights.ts';
import type { Calibrated } from './calibrate.ts';
import type { Outcome } from './outcome.ts';
import { plainOutcome } from './outcome.ts';
import type { Work } from './work.ts';

/** What data told of weights and values, where there are any. */
export interface KnownFromData {
  readonly weights: ReadonlyMap<Tensor, CalibratedWeight>;
  readonly calibrated: Calibrated | null;
}

/**
 * Schemes that leave no choice: weights by blocks or alone, float16, or both.
 * @throws ModelError `nothing-to-quantize`
 */
export function quantizeWeights(work: Work, known: KnownFromData): Outcome {
  const { scheme } = work.request.settings;
  if (scheme === 'fp16') return inFloat16(work, plainOutcome(copyModel(work.prepared), new Map()), known);
  const { model, done } = buildCandidate(work.prepared, planOf(work), buildOptions(work, known));
  // Such as a Gemm that scales its product, which no block operator does.
  if (done.size === 0) {
    const reasons = { 'no-integer-kernel': work.layers.length };
    throw new ModelError('nothing-to-quantize', { path: work.request.modelPath, reasons });
  }
  const outcome = plainOutcome(model, done);
  return scheme === 'int4-fp16' ? inFloat16(work, outcome, known) : outcome;
}

function planOf(work: Work): CandidatePlan {
  const { scheme, embeddings, blockSize } = work.request.settings;
  if (scheme === 'int8-weights') return int8WeightsPlan(work.layers);
  const name = `${settledAlgorithm(work)}, blocks of ${blockSize}`;
  return blocksPlan(name, { layers: work.layers, embeddings });
}

function buildOptions(work: Work, { weights }: KnownFromData): BuildOptions {
  const rewriteWeights = weightRewriter(work, weights);
  return { parametersOf: () => null, perChannel: true, reduced: false, rewriteWeights };
}

function inFloat16(work: Work, outcome: Outcome, { calibrated }: KnownFromData): Outcome {
  const { model } = outcome;
  const ranges = calibrated?.statistics ?? new Map();
  const excluded = new Set([...allNodes(model)].filter((node) => work.exclusion.has(node)).map(nodeIdentity));
  const troubles = nodesToKeep(model, ranges);
  const report = toFloat16(model, { keepIo: work.request.settings.keepIo, keep: excluded, ranges });
  const kept = new Map(report.keptNodes.map(({ name, reason }) => [name, reason]));
  const reasons = new Map<string, FloatReason>();
  const done = new Map<string, Treatment>(outcome.done);
  for (const node of allNodes(work.prepared)) {
    const key = nodeKey(node);
    const reason = kept.get(key);
    if (reason === undefined) done.set(key, outcome.done.get(key) ?? 'float16');
    else reasons.set(key, troubles.get(key) ?? reasonOf(reason));
  }
  return { ...outcome, done, reasons, calibrated };
}

function reasonOf(reason: string): FloatReason {
  return reason === 'overflow' || reason === 'vanish' || reason === 'excluded' ? reason : 'blocked';
}
