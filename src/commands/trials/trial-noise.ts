import { isFloatType } from '../../onnx/data-type.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { adapted } from './model-feeding.ts';
import type { SampleSet } from './feeds.ts';
import type { TrialWork } from './trial-work.ts';

/** Samples that noise is told from. */
export const trialSamples = 16;

/** All batches of a small set, as the model takes them. */
export async function feedsOf(work: TrialWork, set: SampleSet): Promise<readonly NamedTensors[]> {
  const feeds: NamedTensors[] = [];
  for await (const each of adapted(work, set)) feeds.push(each);
  return feeds;
}

/** Squared error over squared output of what was tried, for the output that suffers most. */
export function noiseOf(plain: readonly NamedTensors[], tried: readonly NamedTensors[]): number {
  let worst = 0;
  for (const name of Object.keys(plain[0] ?? {})) {
    let error = 0;
    let reference = 0;
    for (const [i, outputs] of plain.entries()) {
      const [a, b] = [outputs[name], tried[i]?.[name]];
      if (a === undefined || b === undefined || !isFloatType(a.type)) continue;
      const [x, y] = [numbersOf(a), numbersOf(b)];
      for (const [at, value] of x.entries()) {
        error += (value - (y[at] ?? 0)) ** 2;
        reference += value ** 2;
      }
    }
    if (reference > 0) worst = Math.max(worst, error / reference);
  }
  return worst;
}
