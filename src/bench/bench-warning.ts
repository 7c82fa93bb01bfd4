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
  /** With its cache the model has other logits than without. */
  'cache-differs': { model: string; ep: string; maxAbs: number; maxRel: number };
  /** What is written with the cache is not what is written without it. */
  'text-differs': { model: string; ep: string };
  /** Runs that wait for nothing miss the objective already; `serviceMs` is the median of the fastest such point. */
  'objective-below-service': { points: number; percentile: number; limitMs: number; serviceMs: number };
  /** The run at this rate says nothing; a lateness of null: some requests were never issued. */
  'load-generator-late': { asked: string; lateMs: number | null; limitMs: number; requests: number };
  'load-unstable': { asked: string; achievedPerSecond: number; unanswered: number };
  'objective-undecided': { asked: string; percentile: number; limitMs: number; requests: number; needed: number };
  /** Of `runs` runs under load; of the worst, a run of the model and the median. */
  'load-stalled': { runs: number; worstMs: number; usualMs: number };
  'load-disturbed': { runs: number; of: number; rules: readonly string[] };
  'max-rate-undecided': { perSecond: number };
  /** Null: not even the rate that the search starts from. */
  'max-rate-unissuable': { perSecond: number | null };
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
  /** More tokens than the model has positions for. */
  'beyond-context': { prompt: number; generated: number; limit: number };
  interrupted: Record<string, never>;
  'budget-exhausted': { budgetMs: number };
}
export type SkipCode = keyof SkipDetails;
export type SkipReason = { [C in SkipCode]: { readonly code: C; readonly details: SkipDetails[C] } }[SkipCode];
