import type { DistillSettings } from '../../distill/distill-settings.ts';
import { courseOf } from '../../distill/training-course.ts';

export interface DistillingScope {
  /** Those that judge the training itself included. */
  readonly samples: number;
  /** Numbers that the original is made of. */
  readonly weights: number;
  /** Null: as many as distilling takes unless told otherwise. */
  readonly epochs: number | null;
  readonly seed: number;
}

/** A pruned model is near its goal: it takes steps a fifth as long as usual (ModelOpt's advice for half the size). */
const shareOfUsualRate = 0.2;

/** Few samples go into smaller batches: it is steps that a student learns by. */
const stepsWanted = 16;
const [smallestBatch, largestBatch] = [8, 64];

/** Fewer samples tell better from worse by chance. */
const heldOutWanted = 64;

/** How to train a pruned model: as `infer distill` does, but for what few samples and a good start ask for. */
export function distillSettings({ samples, weights, epochs, seed }: DistillingScope): DistillSettings {
  const held = Math.min(Math.max(heldOutWanted, Math.round(samples / 10)), Math.floor(samples / 4));
  const batch = Math.floor((samples - held) / stepsWanted);
  const settings: DistillSettings = {
    ...usual,
    epochs: epochs ?? usual.epochs,
    batch: Math.min(Math.max(batch, smallestBatch), largestBatch),
    samples,
    holdout: Math.max(1, held),
    seed,
  };
  const { peak } = courseOf(settings, { batch: settings.batch, samples, weights }).schedule;
  return { ...settings, learningRate: shareOfUsualRate * peak };
}

const usual: DistillSettings = {
  loss: 'auto',
  alpha: null,
  temperature: 4,
  match: [],
  matchWeight: 1,
  freeze: [],
  optimizer: 'adamw',
  learningRate: null,
  weightDecay: null,
  maxGradientNorm: null,
  warmUp: 0.05,
  epochs: 10,
  steps: null,
  batch: 64,
  samples: null,
  holdout: 0.1,
  // The epochs that were asked for are few, and the best one is kept.
  patience: null,
  randomInit: false,
  seed: 0,
};
