import type { BenchFindings } from './bench-result.ts';
import type { LoadSettings } from './load/load-settings.ts';
import type { LoadStep } from './load/load-point.ts';
import type { SweepPoint } from './sweep.ts';

/** What a running bench tells about itself; only cli draws it. */
export type BenchEvent =
  | { readonly kind: 'probing'; readonly model: string; readonly ep: string }
  | {
      readonly kind: 'planned';
      readonly points: number;
      readonly rounds: number;
      readonly runs: number;
      readonly estimatedMs: number;
      readonly budgetMs: number;
      readonly budgetIsHard: boolean;
      /** What comes after the rounds, at each point; the budget is not for that. */
      readonly load?: LoadSettings;
    }
  | {
      readonly kind: 'block';
      readonly point: SweepPoint;
      readonly round: number;
      readonly done: number;
      readonly of: number;
    }
  /** A finished round, and the result as it would be if nothing came after. */
  | {
      readonly kind: 'round';
      readonly round: number;
      readonly worstPrecision: number | null;
      readonly findings: () => BenchFindings;
    }
  /** A run under load is about to begin. */
  | { readonly kind: 'load'; readonly point: SweepPoint; readonly step: LoadStep }
  /** It has ended, and the result as it would be if nothing came after. */
  | { readonly kind: 'loaded'; readonly findings: () => BenchFindings };

export type OnBenchEvent = (event: BenchEvent) => void;
