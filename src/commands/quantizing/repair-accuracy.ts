import type { DropLimit } from '../../evaluate/drop-limit.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import { without } from '../../quantize/plan/candidate-plan.ts';
import type { SampleSet } from '../trials/feeds.ts';
import type { Sensitivity } from './sensitivity.ts';
import type { Trial } from './trial.ts';
import { isCloseEnough, tryCandidate } from './trial.ts';
import type { FedWork } from './work.ts';

export interface Repairing {
  readonly trial: Trial;
  readonly build: BuildOptions;
  readonly maxDrop: DropLimit | null;
  readonly samples: SampleSet;
  readonly sensitivity: Sensitivity;
  /** What quantizing a node saves, in ms. */
  savedMs(key: string): number;
}

export interface Repaired {
  readonly trial: Trial;
  /** Keys of nodes that are in float again. */
  readonly reverted: ReadonlySet<string>;
}

/**
 * Puts as few nodes of a candidate back into float as it takes to keep the limit, in the order of time saved over noise
 * added, least first. Found by halving, for more nodes in float are closer to the original. Null where there is no
 * ranking, or where not even one quantized node is left.
 */
export async function repairAccuracy(work: FedWork, options: Repairing): Promise<Repaired | null> {
  const { trial, sensitivity, savedMs } = options;
  const order = [...trial.plan.treatments.keys()]
    .filter((key) => sensitivity.has(key))
    .map((key) => ({ key, worth: savedMs(key) / Math.max(1e-12, sensitivity.get(key) ?? 0) }))
    .toSorted((a, b) => a.worth - b.worth)
    .map(({ key }) => key);
  let [few, many] = [0, order.length];
  let best: Repaired | null = null;
  while (many - few > 1) {
    const count = Math.ceil((few + many) / 2);
    const reverted = new Set(order.slice(0, count));
    const tried = await tryWithout(work, options, reverted);
    if (tried !== null && isCloseEnough(tried)) {
      best?.trial.file.dispose();
      best = { trial: tried, reverted };
      many = count;
    } else {
      tried?.file.dispose();
      few = count;
    }
  }
  return best;
}

async function tryWithout(work: FedWork, options: Repairing, reverted: ReadonlySet<string>): Promise<Trial | null> {
  const { trial, build, samples, maxDrop } = options;
  work.context.signal.throwIfAborted();
  const plan: CandidatePlan = { ...without(trial.plan, reverted), name: `${trial.plan.name}, less ${reverted.size}` };
  if (plan.treatments.size === 0) return null;
  const built = buildCandidate(work.prepared, plan, build);
  return tryCandidate(work, { plan, built, samples, maxDrop });
}
