import type { Finding } from '../../errors.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { int8Plans, wholePlan } from '../../quantize/plan/int8-plans.ts';
import { biasCorrections } from './bias-corrections.ts';
import { smoothOutliers } from './smooth-outliers.ts';
import { weightRewriter } from './block-weights.ts';
import type { Calibrated } from './calibrate.ts';
import { calibrate } from './calibrate.ts';
import { settleWeightRules } from './settle-weight-rules.ts';
import { settleRanges } from './settle-ranges.ts';
import { candidateFailures } from '../trials/candidate-failures.ts';
import { compareCandidate } from '../trials/compare-candidate.ts';
import { decideInt8 } from './decide-int8.ts';
import type { Decision } from './decide-int8.ts';
import { describeCandidates } from './describe-candidates.ts';
import { defaultMaxDrop } from './goals.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import type { Outcome } from './outcome.ts';
import { profileCandidate } from './profile-costs.ts';
import { isCloseEnough } from './trial.ts';
import type { FedWork } from './work.ts';

/** Of the time for measuring, what settles the speed of the candidate that was chosen. */
const finalShare = 0.4;

/** Int8: calibrates where a way to it needs ranges, tries the ways, and judges the chosen one on all samples. */
export async function quantizeInt8(work: FedWork): Promise<Outcome> {
  const { request, context, feeds } = work;
  await smoothOutliers(work);
  const { calibrated, build } = await calibratedBuild(work);
  const maxDrop = request.data.path === null ? null : (request.goals.maxDrop?.limit ?? defaultMaxDrop.limit);
  const decision = await decideInt8(work, { build, maxDrop });
  try {
    const { chosen } = decision;
    const { path } = chosen.file;
    const isTried = request.verify && chosen.failure === null;
    const isTimed = isTried && request.budgetMs !== null;
    const final = isTimed ? await measureCandidates(work, [path], request.budgetMs * finalShare) : null;
    const comparing = { name: chosen.plan.name, path, samples: feeds.evaluation, maxDrop };
    const findings = isTried ? await compareCandidate(work, comparing) : null;
    const after = decision.floatTimes === null ? null : await profileCandidate(work, { plan: chosen.plan, build });
    return {
      model: chosen.built.model,
      done: chosen.built.done,
      reasons: decision.reasons,
      candidates: describeCandidates(decision.trials, chosen),
      calibrated,
      weights: [...chosen.built.done.values()].includes('static') ? build : (build.dynamic ?? build),
      parametersOf: build.parametersOf,
      sensitivity: decision.sensitivity,
      times: { before: decision.floatTimes, after },
      findings,
      measured: final?.candidates.get(path) ?? chosen.measured,
      sizeBytes: chosen.file.sizeBytes,
      failure: decision.failure ?? final?.failure ?? null,
      interrupted: context.signal.aborted,
      warnings: [...decision.warnings, ...failures(decision)],
    };
  } finally {
    for (const { file } of decision.trials) file.dispose();
  }
}

interface CalibratedBuild {
  readonly calibrated: Calibrated | null;
  readonly build: BuildOptions;
}

/** Ranges and biases, where a way to int8 needs them. */
async function calibratedBuild(work: FedWork): Promise<CalibratedBuild> {
  const { request, prepared, layers, exclusion, reduced } = work;
  const { settings } = request;
  const { method, embeddings, perChannel } = settings;
  const planning = { model: prepared, layers, exclusion, method, embeddings };
  const shared = { perChannel, reduced, rewriteWeights: weightRewriter(work) };
  const plans = int8Plans(planning);
  const dynamic = plans.find(({ treatments }) => ![...treatments.values()].includes('static')) ?? null;
  if (!plans.some(({ treatments }) => [...treatments.values()].includes('static'))) {
    const build: BuildOptions = { ...shared, parametersOf: () => null };
    const rules = await settleWeightRules(work, { plans: { fixed: null, dynamic }, build });
    return { calibrated: null, build: { ...build, dynamic: rules.dynamic } };
  }
  const whole = wholePlan(planning);
  const calibrated = await calibrate(work);
  const { statistics } = calibrated;
  const parametersOf = await settleRanges(work, { statistics, plan: whole, build: shared });
  const rules = await settleWeightRules(work, { plans: { fixed: whole, dynamic }, build: { ...shared, parametersOf } });
  const build = { ...shared, ...rules.fixed, dynamic: rules.dynamic, parametersOf };
  const isCorrected = settings.biasCorrection && request.verify;
  const corrections = isCorrected ? await biasCorrections(work, whole, build) : new Map();
  return { calibrated, build: { ...build, corrections } };
}

/** Where the chosen one is not good enough, a few will do. */
function failures({ trials, chosen }: Decision): readonly Finding[] {
  const others = trials.filter((trial) => trial !== chosen);
  const warnings = candidateFailures(others.map(({ plan, failure }) => ({ name: plan.name, failure })));
  return isCloseEnough(chosen) ? warnings : warnings.slice(0, 3);
}
