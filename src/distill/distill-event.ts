import type { DistillFindings, EpochRecord } from './distill-result.ts';
import type { DistillMetric } from './loss-kind.ts';

/** What a distillation is doing. */
export type DistillEvent =
  | { readonly kind: 'preparing'; readonly batch: number }
  /** Told once, before the first step. */
  | {
      readonly kind: 'planned';
      readonly settings: DistillFindings['settings'];
      readonly memory: DistillFindings['memory'];
      readonly parameters: DistillFindings['parameters'];
      readonly data: DistillFindings['data'];
      readonly losses: DistillFindings['losses'];
      readonly resumedFrom: number | null;
    }
  | { readonly kind: 'evaluating'; readonly epoch: number }
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly leftMs: number;
    }
  | {
      readonly kind: 'epoch';
      readonly record: EpochRecord;
      readonly epochs: number;
      readonly isBest: boolean;
      readonly metric: DistillMetric;
    };
