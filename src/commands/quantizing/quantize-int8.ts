import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { int8Plans } from '../../quantize/plan/int8-plans.ts';
import { activationParameters } from './activation-ranges.ts';
import { weightRewriter } from './block-weights.ts';
import type { Calibrated } from './calibrate.ts';
import { calibrate } from './calibrate.ts';
import { compareCandidate } from './compare-candidate.ts';
import { decideInt8 } from './decide-int8.ts';
import type { Decision } from './decide-int8.ts';
import { describeCandidates } from './describe-candidates.ts';
import { defaultMaxDrop } from './goals.ts';
import { measureCandidates } from './measure-candidates.ts';
import type { Outcome } from './outcome.ts';
import { profileCandidate } from './profile-costs.ts';
import { isCloseEnough } from './trial.ts';
import type { FedWork } from './work.ts';

/** Of the time for measuring, what settles the speed of the candidate that was chosen. */
const finalShare = 0.4;

/** Int8: calibrates where a way to it needs ranges, tries the ways, and judges the chosen one on all samples. */
export async function quantizeInt8(work: FedWork): Promise<Outcome> {
  const { request, prepared, layers, exclusion, context, feeds } = work;
  const { settings, goals } = request;
  const planning = { model: prepared, layers, exclusion, method: settings.method, embeddings: settings.embeddings };
  const isStatic = int8Plans(planning).some(({ treatments }) => [...treatments.values()].includes('static'));
  const calibrated = isStatic ? await calibrate(work) : null;
  const build = buildOptions(work, calibrated);
  const maxDrop = request.data.path === null ? null : (goals.maxDrop?.limit ?? defaultMaxDrop.limit);
  const decision = await decideInt8(work, { build, maxDrop });
  try {
    const { chosen } = decision;
    const { path } = chosen.file;
    const isTried = request.verify && chosen.failure === null;
    const final =
      isTried && request.budgetMs !== null
        ? await measureCandidates(work, [path], request.budgetMs * finalShare)
        : null;
    const comparing = { name: chosen.plan.name, path, samples: feeds.evaluation, maxDrop };
    const findings = isTried ? await compareCandidate(work, comparing) : null;
    const after = decision.floatTimes === null ? null : await profileCandidate(work, { plan: chosen.plan, build });
    return {
      model: chosen.built.model,
      done: chosen.built.done,
      reasons: decision.reasons,
      candidates: describeCandidates(decision.trials, chosen),
      calibrated,
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

function buildOptions(work: FedWork, calibrated: Calibrated | null): BuildOptions {
  const { settings } = work.request;
  return {
    parametersOf: calibrated === null ? () => null : activationParameters(calibrated.statistics, settings),
    perChannel: settings.perChannel,
    reduced: work.reduced,
    rewriteWeights: weightRewriter(work),
  };
}

function failures({ trials, chosen }: Decision) {
  const failed = trials.filter((trial) => trial.failure !== null && trial !== chosen);
  const warnings = failed.map(({ plan, failure }) => ({
    code: 'candidate-failed',
    details: { candidate: plan.name, problem: problemOf(failure?.details) },
  }));
  return isCloseEnough(chosen) ? warnings : warnings.slice(0, 3);
}

function problemOf(details: object | undefined): string {
  const problem: unknown = details === undefined ? undefined : Reflect.get(details, 'problem');
  return typeof problem === 'string' ? problem : 'it does not run';
}
