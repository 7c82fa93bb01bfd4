import type { ArrivalPattern } from '../../stats/arrivals.ts';
import type { Objective } from './load-result.ts';

/** A rate as it was asked for. */
export type AskedRate =
  | { readonly kind: 'rate'; readonly perSecond: number }
  /** Of what a point reaches in a closed loop. */
  | { readonly kind: 'share'; readonly share: number }
  /** As a trace has it. */
  | { readonly kind: 'recorded' }
  /** Everything at once: what is answered then is all that can be. */
  | { readonly kind: 'max' };

export interface LoadSettings {
  readonly rates: readonly AskedRate[];
  readonly arrivals: ArrivalPattern;
  /** For the result: `poisson`, `constant`, `gamma:2`, or the path of a trace. */
  readonly arrivalsName: string;
  readonly objective: Objective | null;
  /** Null: a trace once, 10 s of anything else. */
  readonly durationMs: number | null;
  /** Searches the highest rate that meets the objective, of which there is one then. */
  readonly findMax: boolean;
}

/** `50/s`, `0.8x`, `recorded`, `max`. */
export function askedText(rate: AskedRate): string {
  if (rate.kind === 'rate') return `${rate.perSecond}/s`;
  return rate.kind === 'share' ? `${rate.share}x` : rate.kind;
}
