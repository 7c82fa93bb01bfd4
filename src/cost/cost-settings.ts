import type { Load, Objective } from './load.ts';
import type { Balancing, Purchase } from './vocabulary.ts';

/** What a projection is asked for, read from flags and config; everything has its default by then. */
export interface CostSettings {
  /** Null for unit costs alone, at the target utilization. */
  readonly load: Load | null;
  readonly objective: Objective | null;
  readonly balancing: Balancing;
  /** Of a replica's peak capacity: what is used without a load, and at most with one. In (0, 1]. */
  readonly targetUtilization: number;
  readonly minReplicas: number;
  readonly spareReplicas: number;
  /** Fixed by the user; null for the cheapest. */
  readonly batch: number | null;
  readonly queueDelayMs: number | null;
  /** Which ways to buy; `reserved` only with a discount, `own` and `serverless` where prices are given. */
  readonly purchases: readonly Purchase[];
  /** Share off the on-demand price. */
  readonly reservedDiscount: number | null;
  readonly spot: {
    /** Of the hours, on demand instead. */
    readonly fallback: number;
    /** Interruptions an hour; null for the catalog's monthly band. */
    readonly interruptionsPerHour: number | null;
    /** Capacity lost by each. */
    readonly lostSeconds: number;
  };
  /** `--price 0.40/h`: the measured machine itself. */
  readonly ownUsdPerHour: number | null;
  readonly serverless: { readonly usdPerGbSecond: number; readonly usdPerRequest: number } | null;
  readonly powerUsageEffectiveness: number;
  readonly gramsPerKwh: number | null;
  /** False for closed forms alone. */
  readonly simulate: boolean;
  readonly requestsSimulated: number;
  readonly seed: number;
}
