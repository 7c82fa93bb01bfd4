import type { OptimizerOptions } from '../compute/training/optimizer.ts';
import type { DistillSettings } from './distill-settings.ts';
import type { TrainingCourse } from './train.ts';

/** A student of more weights takes smaller steps. */
const fewWeights = 5e6;

/** Usual peaks of the learning rate. */
const usualRates = { adamw: { few: 1e-3, many: 1e-4 }, sgd: { few: 1e-2, many: 1e-3 } } as const;
const usualDecay = { adamw: 0.01, sgd: 0 } as const;

/** The optimizer with what the user leaves to us filled in. */
export function optimizerOf({ optimizer, weightDecay, maxGradientNorm }: DistillSettings): OptimizerOptions {
  const limit = maxGradientNorm === null ? {} : { maxGradientNorm };
  return { kind: optimizer, weightDecay: weightDecay ?? usualDecay[optimizer], ...limit };
}

/** How long and how fast to train. `weights` are the numbers that are trained. */
export function courseOf(
  settings: DistillSettings,
  { batch, samples, weights }: { readonly batch: number; readonly samples: number; readonly weights: number },
): TrainingCourse {
  const stepsPerEpoch = Math.max(1, Math.floor(samples / batch));
  const steps = settings.steps ?? settings.epochs * stepsPerEpoch;
  const usual = usualRates[settings.optimizer];
  const peak = settings.learningRate ?? (weights > fewWeights ? usual.many : usual.few);
  const warmUp = settings.warmUp < 1 ? Math.round(settings.warmUp * steps) : Math.min(settings.warmUp, steps);
  return {
    schedule: { steps, warmUp, peak, floor: 0 },
    epochs: Math.ceil(steps / stepsPerEpoch),
    stepsPerEpoch,
    patience: settings.patience,
    seed: settings.seed,
  };
}
