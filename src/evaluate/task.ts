import type { MetricName } from './metrics/metric.ts';

/** What a model is for, which decides what its outputs are scored by. */
export const taskNames = [
  'classification',
  'binary',
  'ctc',
  'regression',
  'embedding',
  'language-model',
  'none',
] as const;
export type TaskName = (typeof taskNames)[number];

/** What the user says of the task. */
export interface TaskRequest {
  /** Null to guess it from the outputs and labels. */
  readonly name: TaskName | null;
  /** The output that is scored; null for the only one that fits. */
  readonly outputName: string | null;
  /** By name, the primary one first; null for the task's usual ones. */
  readonly metrics: readonly MetricName[] | null;
  /** The k of top-k. */
  readonly topK: number;
  /** CTC: the class that stands for nothing. */
  readonly blank: number;
  /** CTC: what each class is written as, the blank's included; null when labels are lists of classes. */
  readonly vocabulary: readonly string[] | null;
  /** Language models: tokens of one run at most; longer sequences are split. Null when the model takes any length. */
  readonly context: number | null;
}

/** What is guessed, or said and checked. */
export interface Task {
  readonly name: TaskName;
  /** Whether the user named it. */
  readonly asked: boolean;
  /** Code for a sentence: what it was told by. */
  readonly reason: TaskReason;
  /** The output that is scored; null where none is. */
  readonly output: string | null;
}

export const taskReasons = [
  'asked',
  'class-labels',
  'binary-labels',
  'sequence-labels',
  'text-labels',
  'number-labels',
  'tensor-labels',
  'pair-labels',
  'token-logits',
  'class-scores',
  'probabilities',
  'single-column',
  'unit-vectors',
  'output-name',
  'nothing-fits',
] as const;
export type TaskReason = (typeof taskReasons)[number];
