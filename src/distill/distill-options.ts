import type { Dataset } from '../data/dataset.ts';
import type { InputValue } from '../data/input-value.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { DistillEvent } from './distill-event.ts';
import type { DistillSettings } from './distill-settings.ts';
import type { GivenModel, ModelPlace, TrainingEnd } from './training-end.ts';

/** What the user says of inputs beside the data. */
export interface InputSettings {
  readonly dims: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** The same for every sample. */
  readonly values: Readonly<Record<string, InputValue>>;
}

export interface DistillOptions {
  readonly teacher: GivenModel;
  readonly student: GivenModel;
  readonly settings: DistillSettings;
  readonly inputs: InputSettings;
  /** Opens the data as the student takes them. */
  openData(student: TrainingEnd): Promise<Dataset>;
  /** Tells these data from others, and from what else is made of them: the content, not the path. */
  identifyData(): string;
  readonly place: ModelPlace;
  /** Null to keep no checkpoint. */
  readonly store: CheckpointStore | null;
  /** `new` leaves a checkpoint that is there alone and starts anew; `required` refuses to. */
  readonly resume: 'auto' | 'new' | 'required';
  /** Memory that training may take; null where that is unknown. */
  readonly availableBytes: number | null;
  /** Monotonic clock. */
  nowMs(): number;
  readonly signal: AbortSignal;
  onEvent(event: DistillEvent): void;
}
