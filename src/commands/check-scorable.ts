import type { DatasetBatch } from '../data/dataset.ts';
import { UsageError } from '../errors.ts';
import { tokenInput } from '../evaluate/token-input.ts';

/**
 * Says before the models run over all data that nothing would come of it.
 * @throws UsageError `missing-argument` for a reference that is needed
 */
export function checkScorable(
  { expected, feeds }: DatasetBatch,
  { hasLabels, hasReference }: { readonly hasLabels: boolean; readonly hasReference: boolean },
): void {
  // Texts are their own labels: what comes next is to be predicted.
  if (hasLabels || hasReference || expected !== null || tokenInput(feeds) !== null) return;
  const what = 'a model to compare with, since the data have neither labels nor expected outputs';
  throw new UsageError('missing-argument', { flag: '--reference', what });
}
