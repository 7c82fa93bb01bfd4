/** What two outputs are compared by: as scores of classes, element by element, or by direction. */
export const lossNames = ['kl', 'mse', 'cosine'] as const;
export type LossName = (typeof lossNames)[number];

/** Codes for sentences: what a loss was chosen by. */
export const lossReasons = [
  'asked',
  'class-labels',
  'probabilities',
  'score-name',
  'unit-vectors',
  'vector-name',
  'class-vector',
  'raw-values',
] as const;
export type LossReason = (typeof lossReasons)[number];

/** How well a student does on a sample. */
export const distillMetrics = ['accuracy', 'agreement', 'cosine', 'relative-error'] as const;
export type DistillMetric = (typeof distillMetrics)[number];

/** Whether more of it is better: errors are better small. */
export function isHigherBetter(metric: DistillMetric): boolean {
  return metric !== 'relative-error';
}
