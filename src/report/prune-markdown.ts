import type { PruneResult } from '../prune/prune-result.ts';
import { judgedMarkdown } from './judged-summary.ts';
import { pruneSummary } from './prune-summary.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer prune` did, as GitHub Markdown. */
export function pruneMarkdown(result: PruneResult, { view = usualView }: Style): string {
  return judgedMarkdown(pruneSummary(result, view));
}
