import type { DropLimit } from '../evaluate/drop-limit.ts';
import type { PruneSettings } from '../prune/prune-settings.ts';
import type { TrialRequest } from './trials/trial-work.ts';

/** What the written model must reach. Null where nothing was asked. Shares are of the original's, as measured. */
export interface PruneGoals {
  readonly maxDrop: { readonly text: string; readonly limit: DropLimit } | null;
  /** Share of the latency kept: `0.6x`. */
  readonly targetLatency: { readonly text: string; readonly share: number } | null;
  readonly targetSize: {
    readonly text: string;
    readonly limit: { readonly share: number } | { readonly bytes: number };
  } | null;
  readonly targetMacs: { readonly text: string; readonly share: number } | null;
  /** Write a model that missed its goal. */
  readonly acceptWorse: boolean;
}

export interface PruneRequest extends TrialRequest {
  readonly outputPath: string;
  readonly force: boolean;
  readonly externalData: 'auto' | 'external' | 'inline';
  readonly settings: PruneSettings;
  readonly goals: PruneGoals;
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
  /** Compare, check against masking, and measure; without it nothing is judged. */
  readonly verify: boolean;
  /** Time for measuring latency; null: not measured. */
  readonly budgetMs: number | null;
}
