import type { DistillOptions } from './distill-options.ts';
import type { FittedTraining } from './fit-training.ts';
import type { PreparedDistill } from './prepare-distill.ts';
import type { TrainingCourse } from './train.ts';

/** A distillation that is ready to start. */
export interface DistillRun {
  readonly options: DistillOptions;
  readonly prepared: PreparedDistill;
  readonly fitted: FittedTraining;
  readonly course: TrainingCourse;
}
