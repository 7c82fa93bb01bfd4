import type { GateBlock, GateCell } from './gate-result.ts';
import type { GateMetric } from './gate-vocabulary.ts';

/** What a gate can detect of one metric, as reckoned from the pilot. */
export interface PlannedCell {
  readonly metric: GateMetric;
  readonly against: 'change' | 'budget';
  readonly tolerance: number | null;
  /** Smallest change for the worse found in 4 of 5 runs, as a share; null where none could be. */
  readonly detectable: number | null;
}

export interface PlannedScenario {
  readonly scenario: string;
  readonly pairs: number;
  readonly looks: readonly number[];
  readonly cells: readonly PlannedCell[];
}

/** What a running gate tells about itself; only cli draws it. */
export type GateEvent =
  /** Looking for the base and the head. */
  | { readonly kind: 'resolving'; readonly scenario: string; readonly ref: string }
  /** Figures that are the same however often they are taken, and outputs on the same inputs. */
  | { readonly kind: 'inspecting'; readonly scenario: string; readonly arm: 'base' | 'head' }
  | { readonly kind: 'evaluating'; readonly scenario: string; readonly done: number; readonly of: number }
  | { readonly kind: 'probing'; readonly scenario: string; readonly arm: 'base' | 'head' }
  /** The first pairs of every scenario, which tell the noise. */
  | { readonly kind: 'pilot'; readonly pairs: number; readonly blocks: number }
  /** What will be measured, and the smallest changes that it could detect. */
  | {
      readonly kind: 'planned';
      readonly scenarios: readonly PlannedScenario[];
      readonly estimatedMs: number;
      readonly budgetMs: number;
    }
  | {
      readonly kind: 'block';
      readonly scenario: string;
      readonly arm: GateBlock['arm'];
      readonly pair: number;
      readonly batch: GateBlock['batch'];
      readonly done: number;
      readonly of: number;
    }
  /** The cells after so many pairs. */
  | { readonly kind: 'look'; readonly look: number; readonly of: number; readonly cells: readonly GateCell[] }
  /** An independent batch repeats the fails of these scenarios. */
  | { readonly kind: 'confirming'; readonly scenarios: readonly string[]; readonly pairs: number }
  /** Blocks of an interrupted gate that are continued. */
  | { readonly kind: 'resumed'; readonly path: string; readonly blocks: number };

export type OnGateEvent = (event: GateEvent) => void;
