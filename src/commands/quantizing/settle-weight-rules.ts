import { InferError } from '../../errors.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import type { DynamicRule } from '../../quantize/rewrite/rewrite-dynamic.ts';
import { noiseOfModels } from './model-noise.ts';
import type { FedWork } from './work.ts';

export interface WeightRules {
  /** Of nodes with known ranges. */
  readonly fixed: DynamicRule;
  readonly dynamic: DynamicRule;
}

export interface SettlingWeights {
  /** All nodes by known ranges, and all products dynamic; null where there are none. */
  readonly plans: { readonly fixed: CandidatePlan | null; readonly dynamic: CandidatePlan | null };
  readonly build: BuildOptions;
}

/**
 * Where 8-bit products saturate, 7-bit weights with a scale a channel lose a bit, and 8-bit weights with one scale in all
 * seldom reach the numbers that saturate: which is closer depends on the model. On data, and where the user leaves it
 * open, the closer one is taken, for each way of quantizing by itself.
 */
export async function settleWeightRules(work: FedWork, { plans, build }: SettlingWeights): Promise<WeightRules> {
  const { reduceRange, perChannel } = work.request.settings;
  const usual: DynamicRule = { perChannel: build.perChannel, reduced: build.reduced };
  const isOpen = reduceRange === null && perChannel && work.reduced && work.request.verify;
  if (!isOpen || work.feeds.source !== 'data') return { fixed: usual, dynamic: usual };
  const whole: DynamicRule = { perChannel: false, reduced: false };
  const closest = async (plan: CandidatePlan | null): Promise<DynamicRule> => {
    if (plan === null) return usual;
    const models = [usual, whole].map((rule) => buildCandidate(work.prepared, plan, { ...build, ...rule }).model);
    try {
      const [a = 0, b = 0] = await noiseOfModels(work, models);
      return b < a ? whole : usual;
    } catch (error) {
      if (work.context.signal.aborted || !(error instanceof InferError)) throw error;
      return usual;
    }
  };
  return { fixed: await closest(plans.fixed), dynamic: await closest(plans.dynamic) };
}
