import type { DropLimit } from '../evaluate/drop-limit.ts';
import type { QuantizeSettings } from '../quantize/quantize-settings.ts';
import type { TrialRequest } from './trials/trial-work.ts';

/** What the written model must reach. Null where nothing was asked. */
export interface QuantizeGoals {
  readonly maxDrop: { readonly text: string; readonly limit: DropLimit } | null;
  /** Least latency of the original over the quantized model's. */
  readonly minSpeedup: { readonly text: string; readonly ratio: number } | null;
  /** Largest size: a share of the original's, or bytes. */
  readonly maxSize: {
    readonly text: string;
    readonly limit: { readonly share: number } | { readonly bytes: number };
  } | null;
  /** Write a model that missed its goal. */
  readonly acceptWorse: boolean;
}

export interface QuantizeRequest extends TrialRequest {
  readonly outputPath: string;
  readonly force: boolean;
  readonly externalData: 'auto' | 'external' | 'inline';
  readonly settings: QuantizeSettings;
  readonly goals: QuantizeGoals;
  /** A calibration cache, read where it exists and written where not; null for none. */
  readonly calibrationCache: string | null;
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
  /** Compare and measure; without it nothing is judged. */
  readonly verify: boolean;
  /** Time for measuring latency; null: not measured. */
  readonly budgetMs: number | null;
}
