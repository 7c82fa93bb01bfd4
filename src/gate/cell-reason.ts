/** Why an exact figure could not be told. */
export const untoldCauses = [
  /** The base is known by a saved result or a stored baseline that has no such figure. */
  'not-in-base',
  /** Some operator's multiply-adds, or some shape, cannot be told. */
  'unknown-macs',
  /** The runtime tells no memory figures for this provider. */
  'no-memory-figures',
  /** onnxruntime does not run it, or the model could not be opened. */
  'model-not-run',
] as const;
export type UntoldCause = (typeof untoldCauses)[number];

/**
 * Why a cell has its verdict, and the details its sentence needs. Ratios are head over base; `limit` of a ratio is the
 * one that it must not go beyond: above 1 where larger is worse, below 1 for `throughput`.
 */
export interface CellReasonDetails {
  // Changes of measured figures against a base of the same job.

  /** Pass: the interval's worse end is within `limit` (twice the tolerance) or the floor. */
  'within-tolerance': { worst: number; limit: number };
  /** Fail: beyond the tolerance, and unlikely so by chance. `confirmed`: an independent batch found it again. */
  'beyond-tolerance': { ratio: number; limit: number; adjustedP: number; alpha: number; confirmed: boolean };
  /** Pass: beyond the tolerance as a ratio, and smaller than the floor in the metric's unit, its interval's end included. */
  'below-floor': { difference: number; floor: number };
  /** Inconclusive: the interval reaches beyond `limit` (twice the tolerance), and the test found nothing. */
  'too-noisy': { best: number | null; worst: number | null; limit: number };
  /** Inconclusive: with `pairs` no result could be significant; `needed` pairs could, as many cells as there are. */
  'too-few-pairs': { pairs: number; needed: number };
  /** Inconclusive: a fail that the independent batch did not find again (`--confirm`); `confirmP` is null where none was taken. */
  'not-confirmed': { adjustedP: number; confirmP: number | null; alpha: number };

  // Changes against a stored base.

  /** Pass: a new value may be expected up to `limit` twice over, and this one is below. */
  'within-prediction': { value: number; limit: number; runs: number };
  /** Fail: beyond what another run of the base would have shown, and beyond the tolerance. */
  'beyond-prediction': { value: number; limit: number; runs: number; adjustedP: number; alpha: number };
  /** Inconclusive: the earlier runs spread so far that a change of twice the tolerance would not show. */
  'history-too-wide': { value: number; limit: number; runs: number };
  'history-too-short': { runs: number; needed: number };
  /** Incomparable: the base was measured on another machine, or with other versions of node or onnxruntime. */
  'other-machine': { base: string | null; head: string };
  /** Incomparable: the base was measured with other threads, batch, inputs and so on; `differs` names them. */
  'other-conditions': { differs: readonly string[] };

  // Exact figures.

  /** Pass: the same, or a change for the better. `change` is head less base. */
  'not-worse': { change: number };
  /** Pass: worse by no more than the tolerance or the floor. */
  'within-exact-tolerance': { change: number; allowed: number };
  /** Fail: worse by `change`, where `allowed` would do; both in the metric's unit. */
  worse: { change: number; allowed: number };
  /** Inconclusive: `side` has no such figure. */
  untold: { side: 'base' | 'head' | 'both'; cause: UntoldCause };

  // Budgets.

  'budget-kept': { worst: number; budget: number };
  /** `value`: the figure, or the better end of its interval, that is beyond the budget. */
  'budget-broken': { value: number; budget: number; adjustedP: number | null; alpha: number | null };
  'budget-undecided': { low: number | null; high: number | null; budget: number };
  /** Inconclusive: too few independent runs for this percentile. `effective`: what `runs` that resemble their neighbors are worth. */
  'too-few-runs': { runs: number; effective: number; needed: number };

  // Outputs and quality.

  'outputs-equal': { maxAbs: number | null; maxRel: number | null };
  'outputs-differ': { output: string; maxAbs: number | null; maxRel: number | null };
  /** Fail: NaN or infinite where the base's are finite. */
  'outputs-not-finite': { output: string };
  /** Fail: another number of outputs, another name, type or shape. */
  'outputs-unlike': { output: string; base: string; head: string };
  /** Fail: what the base takes cannot be fed to the head. `problem` is the code of the error. */
  'inputs-unlike': { input: string; base: string; head: string };
  'quality-kept': { drop: number; high: number; threshold: number; of: string };
  /** `drop` is null where the head's figure is not finite. */
  'quality-dropped': { drop: number | null; low: number | null; threshold: number; of: string };
  'quality-undecided': {
    drop: number;
    high: number | null;
    threshold: number;
    of: string;
    samplesToDecide: number | null;
  };
  /** Inconclusive: no drop could be told. */
  'quality-untold': { of: string | null };

  // Everything else.

  /** New: there is no base. */
  'no-base': Record<string, never>;
  /** Inconclusive: no figure of this metric was taken (it needs a memory figure that the system does not tell, …). */
  'not-measured': Record<string, never>;
  /** Inconclusive: the gate was interrupted before. */
  interrupted: Record<string, never>;
  /** Fail: the head does not load or run; `failure` is the error's code, its details are the scenario's `failure`. */
  'head-failed': { failure: string };
  /** Inconclusive: the base does not load or run here. */
  'base-failed': { failure: string };
}

export type CellReasonCode = keyof CellReasonDetails;
export type CellReason = {
  [C in CellReasonCode]: { readonly code: C; readonly details: CellReasonDetails[C] };
}[CellReasonCode];
