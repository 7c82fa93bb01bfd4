import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';

import { cheapestNodes } from '../../quantize/plan/cheapest-nodes.ts';
import type { Int8Options } from '../../quantize/plan/int8-plans.ts';
import { int8Plans, wholePlan } from '../../quantize/plan/int8-plans.ts';
import { isInLoop } from '../../onnx/in-loop.ts';
import { nodeCosts } from '../../quantize/plan/node-costs.ts';
import type { OwnedTimes } from '../../quantize/plan/profile-owner.ts';
import type { FloatReason } from '../../quantize/vocabulary.ts';
import type { DropLimit } from '../../evaluate/drop-limit.ts';
import type { Finding } from '../../errors.ts';
import { ModelError } from '../../errors.ts';
import { leastSqnrDb } from '../trials/compare-candidate.ts';
import type { SampleSet } from '../trials/feeds.ts';
import type { Measurement } from '../trials/measure-candidates.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import { profileCandidate } from './profile-costs.ts';
import { repairAccuracy } from './repair-accuracy.ts';
import type { Sensitivity } from './sensitivity.ts';
import { sensitivityOf } from './sensitivity.ts';
import type { Trial } from './trial.ts';
import { isCloseEnough, tryCandidate } from './trial.ts';
import type { FedWork } from './work.ts';

export interface Deciding {
  readonly build: BuildOptions;
  readonly maxDrop: DropLimit | null;
}

export interface Decision {
  readonly trials: readonly Trial[];
  readonly chosen: Trial;
  /** Why nodes that could be quantized are not, by key. */
  readonly reasons: ReadonlyMap<string, FloatReason>;
  readonly sensitivity: Sensitivity;
  /** Times of the prepared model in float; null where nobody measured. */
  readonly floatTimes: OwnedTimes | null;
  readonly interrupted: boolean;
  readonly failure: Finding | null;
  readonly warnings: readonly Finding[];
}

/** Samples that candidates are ranked by; the one that is chosen is judged on all. */
const rankingSamples = 256;

/**
 * Tries the ways to int8, measures each beside the original, and chooses the fastest of those that are close enough.
 * Nodes that cost more than they save are left in float by a mix of its own; where the fastest candidate is not close
 * enough, nodes are put back into float, those first that save least for the noise they add.
 */
export async function decideInt8(work: FedWork, { build, maxDrop }: Deciding): Promise<Decision> {
  const options = optionsOf(work);
  const isSearched = work.request.budgetMs !== null && work.request.settings.method === 'auto';
  const mix = isSearched ? await measuredMix(work, options, build) : null;
  const plans = [...int8Plans(options), ...(mix?.plan == null ? [] : [mix.plan])];
  if (plans.length === 0) throw uncovered(work);
  const samples = work.feeds.part(rankingSamples);
  const untimed = await tryPlans(work, plans, { build, maxDrop, samples });
  const measurement = await timed(work, untimed, 0.5);
  const measured = untimed.map((trial) => withTime(trial, measurement));
  const [fastest] = ranked(measured);
  if (fastest === undefined) throw new RangeError('there is no candidate');
  const sensitivity = work.request.verify ? await sensitivityOf(work, fastest.plan, build) : new Map<string, number>();
  const savedMs = (key: string) => (mix === null ? 1 : Math.max(1e-6, mix.saved(key)));
  const repairing = { trial: fastest, build, maxDrop, samples, sensitivity, savedMs };
  const repaired = isCloseEnough(fastest) ? null : await repairAccuracy(work, repairing);
  const again = repaired === null ? [] : [withTime(repaired.trial, await timed(work, [repaired.trial], 0.2))];
  const trials = [...measured, ...again];
  const chosen = bestOf(trials.filter(isCloseEnough)) ?? fastest;
  const whole = wholePlan(options);
  return {
    trials,
    chosen,
    reasons: reasonsOf({ work, chosen, mix: mix?.plan ?? null, whole, reverted: repaired?.reverted ?? null }),
    sensitivity,
    floatTimes: mix?.floatTimes ?? null,
    interrupted: measurement.interrupted,
    failure: measurement.failure,
    warnings: measurement.warnings,
  };
}

/** There are layers, but none that the method covers. */
function uncovered({ request, layers }: FedWork): ModelError {
  const reasons: Record<string, number> = {};
  for (const { reason } of layers) reasons[reason ?? 'method'] = (reasons[reason ?? 'method'] ?? 0) + 1;
  return new ModelError('nothing-to-quantize', { path: request.modelPath, reasons });
}

interface Trying extends Deciding {
  readonly samples: SampleSet;
}

async function tryPlans(
  work: FedWork,
  plans: readonly CandidatePlan[],
  { build, maxDrop, samples }: Trying,
): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const [index, plan] of plans.entries()) {
    work.context.signal.throwIfAborted();
    work.context.onEvent({ kind: 'candidate', name: plan.name, index, of: plans.length });
    const built = buildCandidate(work.prepared, plan, build);
    trials.push(await tryCandidate(work, { plan, built, samples, maxDrop }));
  }
  return trials;
}

function withTime(trial: Trial, { candidates }: Pick<Measurement, 'candidates'>): Trial {
  return { ...trial, measured: candidates.get(trial.file.path) ?? null };
}

function optionsOf({ prepared, layers, exclusion, request }: FedWork): Int8Options {
  const { method, embeddings } = request.settings;
  return { model: prepared, layers, method, exclusion, embeddings };
}

function timed(work: FedWork, trials: readonly Trial[], share: number) {
  const paths = trials.flatMap(({ file, failure }) => (failure === null ? [file.path] : []));
  const { budgetMs } = work.request;
  if (budgetMs === null || paths.length === 0)
    return Promise.resolve({ candidates: new Map(), failure: null, interrupted: false, warnings: [] });
  return measureCandidates(work, paths, budgetMs * share);
}

/** Fastest first; those that were not measured keep their order, those that failed come last. */
function ranked(trials: readonly Trial[]): readonly Trial[] {
  return trials.toSorted((a, b) => rankOf(b) - rankOf(a));
}

/** What is slower by more than this is slower, however wide the intervals are. */
const aboutAsFast = 0.9;

/** Noise that differs by less is the same, dB. */
const aboutAsClose = 1.5;

/**
 * The best of those that keep the limit: of all that were not shown to be slower than the fastest one the closest, and of
 * those that are about as close the smallest. Speed that nobody can measure is not worth quality that everybody can.
 */
function bestOf(trials: readonly Trial[]): Trial | null {
  const [fastest] = ranked(trials);
  if (fastest === undefined || fastest.measured === null) return fastest ?? null;
  const best = rankOf(fastest);
  const fast = trials.filter((trial) => {
    const high = trial.measured?.speedup.high ?? rankOf(trial);
    return rankOf(trial) >= aboutAsFast * best && high >= best;
  });
  const closest = Math.max(...fast.map(closenessOf));
  const [smallest = fastest] = fast
    .filter((trial) => closenessOf(trial) >= closest - aboutAsClose)
    .toSorted((a, b) => a.file.sizeBytes - b.file.sizeBytes);
  return smallest;
}

/** Outputs that are equal are closer than any number says. */
function closenessOf({ findings }: Trial): number {
  return findings === null ? 0 : (leastSqnrDb(findings) ?? 200);
}

function rankOf({ failure, measured }: Trial): number {
  return failure === null ? (measured?.speedup.value ?? 0) : -1;
}

interface Mix {
  /** Null where nothing is worth quantizing. */
  readonly plan: CandidatePlan | null;
  readonly floatTimes: OwnedTimes | null;
  /** What quantizing a node saves, in ms; conversions apart. */
  saved(key: string): number;
}

/** The split of least time, from profiles of the model in float, in integers and with dynamic products. */
async function measuredMix(work: FedWork, options: Int8Options, build: BuildOptions): Promise<Mix | null> {
  const whole = wholePlan(options);
  const dynamic = int8Plans({ ...options, method: 'dynamic' })[0];
  const profile = (plan: CandidatePlan) => profileCandidate(work, { plan, build });
  const float = await profile({ name: 'float', treatments: new Map() });
  const integer = float && (await profile(whole));
  if (float === null || integer === null) return null;
  const products = dynamic === undefined ? null : await profile(dynamic);
  const planned = new Set(whole.treatments.keys());
  const costs = nodeCosts(options.model, planned, { float, integer, dynamic: products });
  const integers = cheapestNodes(options.model, planned, costs);
  const treatments = new Map<string, 'static' | 'dynamic'>([...integers].map((key) => [key, 'static']));
  for (const key of costs.dynamic) if (!integers.has(key)) treatments.set(key, 'dynamic');
  return {
    plan: treatments.size === 0 ? null : { name: 'measured mix', treatments },
    floatTimes: float,
    saved: (key) =>
      (float.nodesMs.get(key) ?? 0) - Math.min(costs.integerMs(key), products?.nodesMs.get(key) ?? Infinity),
  };
}

interface Reasoning {
  readonly work: FedWork;
  readonly chosen: Trial;
  readonly mix: CandidatePlan | null;
  readonly whole: CandidatePlan;
  readonly reverted: ReadonlySet<string> | null;
}

function reasonsOf({ work, chosen, mix, whole, reverted }: Reasoning): ReadonlyMap<string, FloatReason> {
  const reasons = new Map<string, FloatReason>();
  for (const { key, kind, node } of work.layers)
    if (kind === 'convolution' && isInLoop(node)) reasons.set(key, 'in-control-flow');
  for (const key of whole.treatments.keys()) {
    if (chosen.plan.treatments.has(key)) continue;
    reasons.set(key, mix !== null && !mix.treatments.has(key) ? 'costs-time' : 'method');
  }
  for (const key of chosen.built.unknown.keys()) reasons.set(key, 'not-executed');
  for (const key of reverted ?? []) if (!chosen.plan.treatments.has(key)) reasons.set(key, 'costs-accuracy');
  return reasons;
}
