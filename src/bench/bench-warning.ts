import type { GpuMonitorProblem } from '../runtime/gpu/gpu-monitor.ts';
import type { ProviderName } from '../runtime/provider.ts';

/** What a reader of a bench result should know before believing it, and the details its sentence needs. */
export interface BenchWarningDetails {
  /** Blocks that stayed dirty, by rule, out of all blocks. */
  'noisy-machine': {
    dirtyBlocks: number;
    blocks: number;
    rules: readonly string[];
    stalledShare: number | null;
    stealShare: number | null;
  };
  'repeated-blocks': { repeated: number; blocks: number };
  /** `full`: those of the points whose threads fill every core. */
  'precision-missed': { points: number; of: number; worst: number; wanted: number; full: number };
  'budget-stretched': { budgetMs: number; estimatedMs: number };
  'budget-shrunk-runs': { points: number; runs: number };
  'budget-lost-rounds': { points: number; rounds: number; wanted: number };
  'warm-up-unsettled': { points: number };
  /** `percentile` is 90, 95 or 99. */
  'tail-too-few-runs': { percentile: number; needed: number; points: number };
  'outputs-differ-from-cpu': { model: string; ep: string; maxAbs: number; maxRel: number };
  'outputs-differ-from-expected': { model: string; ep: string; output: string; maxAbs: number };
  'nodes-on-cpu': { model: string; ep: string; nodes: number; of: number };
  'threads-over-cores': { threads: number; instances: number; cores: number };
  'littles-law-broken': { points: number; worst: number };
  /** The kernel lets threads run elsewhere than was asked for. */
  'pinning-lost': { points: number };
  'provider-skipped': { ep: ProviderName; reason: string; cure: string };
  'dimension-guessed': { model: string; dimension: string; value: number };
  'inputs-guessed': { model: string; input: string; values: string };
  'one-round': { rounds: number };
  'single-input': { model: string };
  /** The GPU computed for others before anything of ours ran on it. */
  'gpu-busy': { device: number; utilization: number };
  /** `worst` is the largest share of a point's samples in which the reason was given. */
  'gpu-throttled': { reason: string; points: number; worst: number };
  'gpu-unwatched': { device: number } & GpuMonitorProblem;
  /** Divided into instances: memory and power are of all of them. */
  'gpu-shared': { device: number };
}

export type BenchWarningCode = keyof BenchWarningDetails;
export type BenchWarning = {
  [C in BenchWarningCode]: { readonly code: C; readonly details: BenchWarningDetails[C] };
}[BenchWarningCode];

/** Why a point was left out: its plan cannot be carried out on this model or machine. */
export interface SkipDetails {
  'fixed-batch': { batch: number; fixed: number };
  'no-batch-axis': { batch: number };
  'provider-unusable': { ep: ProviderName; reason: string; cure: string };
  /** More threads in all than processors to hold them to. */
  'too-few-to-pin': { threads: number; instances: number; of: number };
  interrupted: Record<string, never>;
  'budget-exhausted': { budgetMs: number };
}
export type SkipCode = keyof SkipDetails;
export type SkipReason = { [C in SkipCode]: { readonly code: C; readonly details: SkipDetails[C] } }[SkipCode];
