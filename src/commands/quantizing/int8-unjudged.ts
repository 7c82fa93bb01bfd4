import { ModelError } from '../../errors.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import { int8Plans } from '../../quantize/plan/int8-plans.ts';
import type { QuantizeRequest } from '../quantize-request.ts';
import { weightRewriter } from './block-weights.ts';
import type { Outcome } from './outcome.ts';
import { plainOutcome } from './outcome.ts';
import type { Work } from './work.ts';

/** One way to int8 that needs no ranges, and nobody looks whether it is good or fast. */
export function isUnjudged({ settings, verify, budgetMs }: QuantizeRequest): boolean {
  const { scheme, method, smooth } = settings;
  const needsRanges = (method !== 'dynamic' && method !== 'blocks') || smooth !== null;
  return scheme === 'int8' && !needsRanges && !verify && budgetMs === null;
}

/** Int8 as `isUnjudged` has it: nothing is run, and the model is written once. */
export function int8Unjudged(work: Work): Outcome {
  const { prepared, layers, exclusion, reduced, request } = work;
  const { method, embeddings, perChannel } = request.settings;
  const [plan] = int8Plans({ model: prepared, layers, exclusion, method, embeddings });
  if (plan === undefined)
    throw new ModelError('nothing-to-quantize', { path: request.modelPath, reasons: { method: layers.length } });
  const build = { parametersOf: () => null, perChannel, reduced, rewriteWeights: weightRewriter(work) };
  const { model, done } = buildCandidate(prepared, plan, build);
  return plainOutcome(model, done);
}
