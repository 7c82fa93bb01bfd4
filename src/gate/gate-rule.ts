import type { GateMetric, Severity } from './gate-vocabulary.ts';

/** A regression that is known and allowed until a day. */
export interface Waiver {
  /** Last day it holds, `2026-12-31`. */
  readonly until: string;
  readonly reason: string;
  readonly link: string | null;
}

/** What one metric of one scenario is held to. */
export interface GateRule {
  readonly metric: GateMetric;
  /** Largest relative change for the worse that is none: 0.05 is 5 %. Null: held to the budget alone. */
  readonly tolerance: number | null;
  /** Changes smaller than it, in the metric's unit, are none, whatever their ratio. */
  readonly floor: number;
  /** What the head may be at most (at least for `throughput`), in the metric's unit. */
  readonly budget: number | null;
  /** A `warn` cell shows its verdict and never decides the gate's. */
  readonly severity: Severity;
  readonly note: string | null;
  readonly waiver: Waiver | null;
}

/** Whether a larger figure of the metric is worse. */
export function largerIsWorse(metric: GateMetric): boolean {
  return metric !== 'throughput';
}
