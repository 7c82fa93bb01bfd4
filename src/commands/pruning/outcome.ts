import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Finding } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { PruneResult } from '../../prune/prune-result.ts';
import type { CompressedBytes } from './figures.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';

/** The model that is to be written, and how it came about. */
export interface PruneOutcome extends Pick<
  PruneResult,
  'groups' | 'unlockedMacs' | 'blocks' | 'sparseLayers' | 'sensitivity' | 'repairs' | 'candidates' | 'maskError'
> {
  readonly model: Model;
  readonly sizeBytes: number;
  /** What a download takes, where that is what pruning is for. */
  readonly download: { readonly before: CompressedBytes; readonly after: CompressedBytes } | null;
  /** On all samples; null where nobody compared. */
  readonly findings: EvaluateFindings | null;
  readonly measured: MeasuredCandidate | null;
  /** Why it could not be compared. */
  readonly failure: Finding | null;
  /** Why latency could not be measured. */
  readonly benchFailure: Finding | null;
  readonly interrupted: boolean;
  readonly warnings: readonly Finding[];
}

/** What only one way of pruning tells, empty for the others. */
export const nothingTold = {
  download: null,
  groups: [],
  unlockedMacs: null,
  blocks: [],
  sparseLayers: [],
  sensitivity: [],
  repairs: [],
  candidates: [],
  maskError: null,
} satisfies Partial<PruneOutcome>;
