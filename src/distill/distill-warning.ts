/** What a reader of a distillation should know, and the details its sentence needs. */
export interface DistillWarningDetails {
  /** The names of the inputs differ: they were paired by their order. */
  'inputs-by-position': { pairs: readonly string[] };
  'outputs-by-position': { pairs: readonly string[] };
  /** Outputs that only one of the two has, or that cannot be compared. */
  'outputs-left-out': { outputs: readonly string[] };
  /** `why` is `samples` where there are no more, `model` where a model takes no other number, `memory` where more do not fit. */
  'batch-reduced': { asked: number; batch: number; why: 'samples' | 'model' | 'memory'; problem: string };
  /** A node that no gradient passes: parameters before it stay as they are. */
  'gradient-blocked': { node: string; operator: string; problem: string; parameters: number };
  /** Parameters that no output which is compared depends on. */
  'parameters-unused': { parameters: readonly string[] };
  /** Labels of a kind that the loss has no use for. */
  'distill-labels-unused': { problem: string };
  /** Its statistics stay as they are; scale and bias are trained. */
  'normalization-frozen': { nodes: number };
  /** The best student is better, but chance could do as much. */
  'improvement-unclear': { samples: number };
  /** It stopped because the loss was no number any more. */
  'training-diverged': { step: number; epoch: number; learningRate: number };
}

export type DistillWarning = {
  [C in keyof DistillWarningDetails]: { readonly code: C; readonly details: DistillWarningDetails[C] };
}[keyof DistillWarningDetails];
