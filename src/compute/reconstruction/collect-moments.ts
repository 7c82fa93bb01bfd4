import type { LoadOptions } from '../../runtime/model-runner.ts';
import type { NotFinite } from '../calibration/statistics.ts';
import { tappableNames } from '../calibration/tap-model.ts';
import type { CalibrationData } from '../calibration/tap-runs.ts';
import { runTaps } from '../calibration/tap-runs.ts';
import type { MomentPlace, Moments } from './moment-sums.ts';
import { MomentSums } from './moment-sums.ts';
import { momentTap } from './moment-taps.ts';
import { optimizingRunner } from './optimizing-runner.ts';

export interface MomentOptions extends CalibrationData {
  readonly places: readonly MomentPlace[];
  /** `all` unless given. */
  readonly optimization?: LoadOptions['optimization'];
  readonly onProgress?: (progress: { readonly done: number }) => void;
}

export interface MomentOutcome {
  /** As `places`, in their order; null where nothing was measured. */
  readonly moments: readonly (Moments | null)[];
  /** Runs with NaN, infinities or squares beyond float32; nothing of them counts. */
  readonly notFinite: readonly NotFinite[];
  /** Values without elements in any run, and names that the main graph does not know. */
  readonly neverSeen: readonly string[];
  /** Values that the runtime could not be made to measure, such as those that lack the axis. */
  readonly refused: readonly string[];
  /** Values with a place whose axis is not as long in every run. */
  readonly uneven: readonly string[];
}

/**
 * Means and mean squares of the slices along axes, over all batches, in one pass.
 * @throws as `collectStatistics`
 */
export async function collectMoments(options: MomentOptions): Promise<MomentOutcome> {
  const known = tappableNames(options.model);
  const sums = options.places.map((place) => new MomentSums(place));
  const byValue = new Map<string, MomentSums[]>();
  for (const each of sums) byValue.set(each.place.value, [...(byValue.get(each.place.value) ?? []), each]);
  const { refused } = await runTaps(
    { ...options, runner: optimizingRunner(options.runner, options.optimization ?? 'all') },
    {
      names: [...byValue.keys()].filter((name) => known.has(name)),
      write: (tap) => (byValue.get(tap.name) ?? []).map(({ place }) => momentTap(tap, place.axis)),
      take: (measures, run) => {
        for (const [name, parts] of measures) {
          for (const [index, each] of (byValue.get(name) ?? []).entries()) each.add(run, parts[index]);
        }
        options.onProgress?.({ done: run + 1 });
      },
    },
  );
  const values = [...byValue].filter(([name]) => !refused.includes(name));
  return {
    moments: sums.map((each) => (refused.includes(each.place.value) ? null : each.finish())),
    notFinite: values.flatMap(([, [first]]) => first?.notFinite ?? []),
    neverSeen: values.flatMap(([name, parts]) => (parts.some(({ isSeen }) => isSeen) ? [] : [name])),
    refused,
    uneven: values.flatMap(([name, parts]) => (parts.some(({ isUneven }) => isUneven) ? [name] : [])),
  };
}
