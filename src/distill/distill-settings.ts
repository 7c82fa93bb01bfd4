import type { LossName } from './loss-kind.ts';

/** A value of the student that is to become like one of the teacher, by the names of nodes or values. */
export interface MatchRequest {
  readonly student: string;
  readonly teacher: string;
}

/** How the student is to be trained, as asked for; null where the user leaves it to us. */
export interface DistillSettings {
  readonly loss: LossName | 'auto';
  /** Share of the labels' cross-entropy in the loss. */
  readonly alpha: number | null;
  readonly temperature: number;
  readonly match: readonly MatchRequest[];
  readonly matchWeight: number;
  /** Patterns of names of parameters that stay as they are. */
  readonly freeze: readonly string[];
  readonly optimizer: 'adamw' | 'sgd';
  readonly learningRate: number | null;
  readonly weightDecay: number | null;
  /** Longest gradient; null for any. */
  readonly maxGradientNorm: number | null;
  /** Steps (from 1 on) or a share of all steps (below 1) in which the learning rate rises. */
  readonly warmUp: number;
  readonly epochs: number;
  /** Instead of epochs. */
  readonly steps: number | null;
  readonly batch: number;
  readonly samples: number | null;
  /** A fraction below 1, or a number of samples. */
  readonly holdout: number;
  /** Epochs without a better one after which training stops; null to go through all. */
  readonly patience: number | null;
  readonly randomInit: boolean;
  readonly seed: number;
}
