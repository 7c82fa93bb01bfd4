import type { Verdict } from '../../evaluate/evaluate-result.ts';
import type { Estimate } from '../../result/envelope.ts';

/** Whether a model is at least so many times as fast: by the interval, where it is not the noise that decides. */
export function speedVerdict(speedup: Estimate | null, ratio: number): Verdict {
  if (speedup === null) return 'inconclusive';
  const { value, low, high } = speedup;
  if ((low ?? value) >= ratio) return 'pass';
  return (high ?? value) < ratio ? 'fail' : 'inconclusive';
}

/** Faster by more than the interval; where that contains 1, the noise decides nothing unless it is not even likely. */
export function fasterVerdict({ value, low }: Estimate): Verdict {
  if ((low ?? value) > 1) return 'pass';
  return value <= 1 ? 'fail' : 'inconclusive';
}
