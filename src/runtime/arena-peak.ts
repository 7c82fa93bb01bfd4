import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import { profiledRuns } from './profiled-runs.ts';

/** The first run fills the arena, the second one plans it; from then on runs are alike. */
const runs = 3;

/**
 * Most bytes of onnxruntime's arena that were in use in a run, weights counted: the same for the same model, inputs and
 * version. Null where the provider tells no such figure. No call of onnxruntime tells, so runs are profiled in a session
 * of their own.
 */
export async function arenaPeakOf(options: OnnxSessionOptions, feeds: NamedTensors): Promise<number | null> {
  return largestInUse(await profiledRuns(options, { feeds, runs }));
}

/** By pattern, not as JSON: a profile cut off in mid-write is no valid JSON, yet its events are good. */
export function largestInUse(profile: string): number | null {
  let largest: number | null = null;
  for (const [, bytes] of profile.matchAll(/"mem_in_use_peak"\s*:\s*"?(\d+)/g))
    largest = Math.max(largest ?? 0, Number(bytes));
  return largest;
}
