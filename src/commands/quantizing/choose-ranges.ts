import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import type { Trials } from '../../compute/quantization-trials/open-trials.ts';
import { openTrials } from '../../compute/quantization-trials/open-trials.ts';
import type { TrialSite } from '../../compute/quantization-trials/trial-site.ts';
import { InferError } from '../../errors.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import { candidateRanges } from '../../quantize/calibration/range-methods.ts';
import type { RealRange } from '../../quantize/numeric/scale-and-zero-point.ts';
import { straighten } from '../../quantize/calibration/straighten.ts';
import { scaleAndZeroPoint } from '../../quantize/numeric/scale-and-zero-point.ts';
import { nodesByKey } from '../../quantize/rewrite/node-key.ts';
import { staticRuleOf } from '../../quantize/rewrite/static-rules.ts';
import { clipRangeOf } from '../../quantize/rewrite/clip-range.ts';
import { activationTarget } from './activation-ranges.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { feedsOf, noiseOf, trialSamples } from '../trials/trial-noise.ts';
import type { FedWork } from './work.ts';

/** Runs of the model that choosing may take: values with several candidates, times these. */
const mostRuns = 1500;

/** Values that are not reached by then get the range of least expected error. */
const mostMs = 20_000;

/**
 * For each value that is going to be quantized the range that disturbs the model's outputs least when that value alone is
 * quantized, of all that the methods propose. All candidates are tried in one loaded model. Values that are not here, or
 * all of them where a model is too large for that, get the range of least expected error.
 */
export async function chooseRanges(
  work: FedWork,
  statistics: ReadonlyMap<string, ValueStatistics>,
  planned: ReadonlySet<string>,
): Promise<ReadonlyMap<string, RealRange>> {
  const target = activationTarget(work.request.settings);
  const chosen = new Map<string, RealRange>();
  const { type } = target;
  if (type !== 'uint8' && type !== 'int8') return chosen;
  const model = straighten(work.prepared, (value) => statistics.has(value));
  const candidates = new Map(
    [...valuesOf(model, planned)].flatMap((value) => {
      const stats = statistics.get(value);
      const ranges = stats === undefined ? [] : candidateRanges(stats, target).map(({ range }) => range);
      return ranges.length > 1 ? [[value, ranges] as const] : [];
    }),
  );
  const feeds = await feedsOf(work, work.feeds.calibrationPart(trialSamples));
  const runs = [...candidates.values()].flat().length * feeds.length;
  if (runs === 0 || runs > mostRuns) return chosen;
  const sites = [...candidates.keys()].map((value): TrialSite => ({ kind: 'activation', key: value, value, type }));
  try {
    const trials = await openTrials(model, sites, editedModels(work));
    try {
      const plain: NamedTensors[] = [];
      for (const each of feeds) plain.push(await trials.run(each, new Map()));
      const endMs = work.context.runtime.nowMs() + mostMs;
      for (const [value, ranges] of candidates) {
        if (work.context.runtime.nowMs() > endMs) break;
        const noisy = { trials, feeds, plain, value };
        chosen.set(value, await quietest(work, ranges, noisy));
      }
    } finally {
      await trials.release();
    }
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError)) throw error;
  }
  return chosen;
}

interface Trying {
  readonly trials: Trials;
  readonly feeds: readonly NamedTensors[];
  readonly plain: readonly NamedTensors[];
  readonly value: string;
}

async function quietest(
  { request, context }: FedWork,
  ranges: readonly RealRange[],
  { trials, feeds, plain, value }: Trying,
): Promise<RealRange> {
  let best = { range: ranges[0] ?? { min: 0, max: 0 }, noise: Number.POSITIVE_INFINITY };
  for (const range of ranges) {
    context.signal.throwIfAborted();
    const setting = scaleAndZeroPoint(range, activationTarget(request.settings));
    const tried: NamedTensors[] = [];
    for (const each of feeds) tried.push(await trials.run(each, new Map([[value, setting]])));
    const noise = noiseOf(plain, tried);
    if (noise < best.noise) best = { range, noise };
  }
  return best.range;
}

/** What planned nodes read and make, behind a clip that saturation will do the work of. */
function valuesOf(model: Model, planned: ReadonlySet<string>): ReadonlySet<string> {
  const values = new Set<string>();
  for (const [key, node] of nodesByKey(model)) {
    const rule = planned.has(key) ? staticRuleOf(node) : null;
    if (rule === null) continue;
    const read = rule.data.flatMap((index) => node.input(index) ?? []).filter((value) => value.constant === null);
    const made = rule.needsOutput ? node.outputs.filter((value) => value !== null) : [];
    const behind = made.map((value) => {
      const clip = value.onlyUser;
      return (clip !== null && clipRangeOf(clip) !== null ? clip.output(0) : null) ?? value;
    });
    for (const { name } of [...read, ...behind]) values.add(name);
  }
  return values;
}
