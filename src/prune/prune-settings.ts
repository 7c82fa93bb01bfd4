import type { PruneKind, UnitScore, WeightScore } from './vocabulary.ts';

/** How to prune, as it was asked for. Ratios are shares removed, from 0 to below 1. Null where nothing was asked. */
export interface PruneSettings {
  /** Of channels and neurons. */
  readonly channels: number | null;
  /** Of attention heads. */
  readonly heads: number | null;
  /** Of the residual stream's width. */
  readonly width: number | null;
  /** Residual blocks to drop. */
  readonly layers: number | null;
  /** Weights set to 0: a share, or N of M along the input axis. */
  readonly sparsity: { readonly ratio: number } | { readonly keep: number; readonly of: number } | null;
  /** One ranking over all groups instead of the same share in each. */
  readonly global: boolean;
  readonly score: UnitScore;
  readonly sparsityScore: WeightScore;
  /** Widths of convolutions are multiples of it. */
  readonly roundTo: number;
  /** Refit what reads fewer inputs. */
  readonly reconstruct: boolean;
  /** Rounds of score, remove, reconstruct. */
  readonly steps: number;
  /** Epochs of distillation from the original afterwards; null for none. */
  readonly distillEpochs: number | null;
  /** Names or operators of nodes whose groups stay; `*` stands for anything. */
  readonly exclude: readonly string[];
}

/** What goes: a run takes out one kind of thing. */
export function pruneKindOf({ layers, sparsity }: Pick<PruneSettings, 'layers' | 'sparsity'>): PruneKind {
  if (layers !== null) return 'depth';
  if (sparsity === null) return 'structured';
  return 'ratio' in sparsity ? 'sparsity' : 'pattern';
}
