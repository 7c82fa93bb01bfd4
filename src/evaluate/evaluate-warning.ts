/** What a reader of an evaluation should know before believing it, and the details its sentence needs. */
export interface EvaluateWarningDetails {
  /** NaN or infinity in an output: such a sample counts as wrong, and makes figures that are no shares null. */
  'outputs-not-finite': { model: string; output: string; samples: number; first: string };
  /** The reference's metric is 0 or less: a drop relative to it means nothing. */
  'relative-drop-undefined': { metric: string; reference: number };
  /** The data have labels, but no task fits them and the outputs. */
  'labels-unused': { reason: string };
  /** Sequences of one token, in which nothing is predicted. */
  'samples-without-tokens': { samples: number };
  /** There was nothing that the goal could be held against, such as outputs that are no floats. */
  'goal-not-judged': { goal: string };
  /** Outputs that only one of the two models has, and texts. */
  'outputs-not-compared': { outputs: readonly string[] };
  /** A goal that so many samples neither meet nor miss; null when nobody can say how many would decide. */
  'goal-undecided': {
    of: string;
    samples: number;
    samplesToDecide: number | null;
    /** Whether there is an interval; without one, as of a single sample, the limit may be far. */
    hasInterval: boolean;
  };
}

export type EvaluateWarningCode = keyof EvaluateWarningDetails;
export type EvaluateWarning = {
  [C in EvaluateWarningCode]: { readonly code: C; readonly details: EvaluateWarningDetails[C] };
}[EvaluateWarningCode];
