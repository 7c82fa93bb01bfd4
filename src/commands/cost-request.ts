import type { CostSettings } from '../cost/cost-settings.ts';
import type { BenchRequest } from './bench.ts';

export interface CostRequest {
  /** Saved results: bench of one or several machines and models, evaluate for accuracies. */
  readonly resultPaths: readonly string[];
  /** Models to measure first; null where results are given. */
  readonly measure: BenchRequest | null;
  readonly settings: CostSettings;
  /** Which instances: globs over name or id, clouds, regions; empty lists for all. */
  readonly filter: {
    readonly instances: readonly string[];
    readonly clouds: readonly string[];
    readonly regions: readonly string[];
  };
  /** Instance that the results were measured on, by result path or for all (`''`). */
  readonly measuredOn: Readonly<Record<string, string>>;
  /** Files of prices that are added to the catalog. */
  readonly pricePaths: readonly string[];
  readonly route: { readonly small: string; readonly large: string; readonly escalated: number } | null;
  readonly api: {
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedShare: number;
  } | null;
  readonly edge: {
    readonly deviceUsd: number;
    readonly watts: number;
    readonly years: number;
    readonly usdPerKwh: number;
  } | null;
  readonly workflowPath: string | null;
}
