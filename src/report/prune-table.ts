import type { PruneResult } from '../prune/prune-result.ts';
import { judgedTable } from './judged-summary.ts';
import { pruneSummary } from './prune-summary.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer prune` did, for a terminal. */
export function pruneTable(result: PruneResult, style: Style): string {
  return judgedTable(pruneSummary(result, style.view ?? usualView), style);
}
