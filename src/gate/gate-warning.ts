/** What a reader of a gate's result should know before believing it, and the details its sentence needs. */
export interface GateWarningDetails {
  /** Days are `2026-12-31`; the cell counts again. */
  'waiver-expired': { scenario: string; metric: string; until: string; reason: string; link: string | null };
  /** Base and head are the same file, byte for byte. */
  'same-model': { scenario: string };
  /** A file of the working tree that differs from what is committed. */
  'model-uncommitted': { scenario: string; side: 'base' | 'head'; path: string };
  /** Blocks that stayed dirty, by rule, out of all blocks. */
  'noisy-machine': { dirtyBlocks: number; blocks: number; rules: readonly string[] };
  /** With `pairs`, the most that fits the budget, no change of these `cells` could be significant; `needed` pairs could. */
  'budget-too-short': { scenario: string; pairs: number; needed: number; cells: number; neededMs: number };
  /** Planned: changes for the worse below `detectable` are found less often than in 4 of 5 runs. */
  'coarse-gate': { scenario: string; metric: string; tolerance: number; detectable: number };
  'threads-over-cores': { scenario: string; threads: number; instances: number; cores: number };
  /** Guesses about the inputs, as in `infer bench`. */
  'dimension-guessed': { scenario: string; dimension: string; value: number };
  'inputs-guessed': { scenario: string; input: string; values: string };
  /** The journal's blocks were continued. */
  resumed: { path: string; blocks: number };
  /** Exact figures are compared, timings are not. */
  'other-machine': { scenario: string; base: string | null; head: string };
  /** The stored baseline was written anew, because of `reason`. */
  'baseline-updated': { path: string; reason: string; metrics: number };
  /** Not everything was measured: the baseline stays as it is. */
  'baseline-kept': { path: string; because: 'interrupted' | 'scenario-failed' };
  /** Slow drift: the runs of the stored baseline have moved away from the level that was last accepted. */
  'baseline-drifted': { scenario: string; metric: string; accepted: number; now: number };
  /** The base is one saved run: how far runs differ from each other is not in its `blocks`. */
  'base-of-one-run': { scenario: string; blocks: number };
}

export type GateWarningCode = keyof GateWarningDetails;
export type GateWarning = {
  [C in GateWarningCode]: { readonly code: C; readonly details: GateWarningDetails[C] };
}[GateWarningCode];
