import type { Interval } from '../stats/interval.ts';
import { samplesToDecide } from '../stats/samples-to-decide.ts';
import type { Verdict } from './evaluate-result.ts';

/** What a limit makes of a figure that should stay below it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Null when it is decided, or never will be. */
  readonly samplesToDecide: number | null;
}

interface Judged {
  readonly interval: Interval;
  readonly samples: number;
  /** The interval that more samples would have, with the same shares or spread. */
  intervalAt(samples: number): Interval;
}

/** Pass when the whole interval is within the limit, fail when it is all beyond it, else inconclusive. */
export function judge({ interval, samples, intervalAt }: Judged, limit: number): Judgement {
  const { low, high } = interval;
  if (low !== null && high !== null) {
    if (high <= limit) return { verdict: 'pass', samplesToDecide: null };
    if (low > limit) return { verdict: 'fail', samplesToDecide: null };
  }
  return { verdict: 'inconclusive', samplesToDecide: samplesToDecide(samples, limit, intervalAt) };
}

const severity: readonly Verdict[] = ['fail', 'inconclusive', 'pass'];

/** The worst of several; null for none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict | null {
  return severity.find((verdict) => verdicts.includes(verdict)) ?? null;
}
