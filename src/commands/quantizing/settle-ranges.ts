import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import { InferError } from '../../errors.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import { activationParameters } from './activation-ranges.ts';
import { chooseRanges } from './choose-ranges.ts';
import { noiseOfModels } from './model-noise.ts';
import type { FedWork } from './work.ts';

export interface SettlingRanges {
  readonly statistics: ReadonlyMap<string, ValueStatistics>;
  /** All that may be quantized. */
  readonly plan: CandidatePlan;
  readonly build: Omit<BuildOptions, 'parametersOf'>;
}

const uniformMethods = ['mse', 'minmax', 'percentile'] as const;

/**
 * Scales and zero points of values. With `--calibration auto`: for each value the range that disturbs the outputs least by
 * itself; but what is best alone need not be best together, so that one method for all is tried as well, and the
 * closest model of these decides.
 */
export async function settleRanges(
  work: FedWork,
  { statistics, plan, build }: SettlingRanges,
): Promise<BuildOptions['parametersOf']> {
  const { settings, verify } = work.request;
  const usual = activationParameters(statistics, settings);
  if (settings.calibration !== 'auto' || !verify) return usual;
  const single = await chooseRanges(work, statistics, new Set(plan.treatments.keys()));
  const choices = [
    activationParameters(statistics, settings, single),
    ...uniformMethods.map((calibration) => activationParameters(statistics, { ...settings, calibration })),
  ];
  try {
    const models = choices.map((parametersOf) => buildCandidate(work.prepared, plan, { ...build, parametersOf }).model);
    const noise = await noiseOfModels(work, models);
    return choices[noise.indexOf(Math.min(...noise))] ?? usual;
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError)) throw error;
    return usual;
  }
}
