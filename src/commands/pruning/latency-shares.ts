import { copyModel } from '../../compute/copy-model.ts';
import { markNodes } from '../../compute/owners/mark-nodes.ts';
import { InferError } from '../../errors.ts';
import { ownedTimes } from '../../quantize/plan/profile-owner.ts';
import { nodesByKey } from '../../quantize/rewrite/node-key.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import { profileFile } from '../trials/profile-file.ts';
import type { PruneWork } from './work.ts';

/** Share of a model's time that each node takes, by name; null where nobody measured. */
export type LatencyShares = ReadonlyMap<string, number> | null;

/** Profiles the prepared model as the runtime optimizes it. */
export async function latencyShares(work: PruneWork): Promise<LatencyShares> {
  const { context, request, prepared } = work;
  if (!request.verify || request.budgetMs === null) return null;
  context.onEvent({ kind: 'profiling', name: request.modelPath });
  const marked = copyModel(prepared);
  markNodes(marked);
  const file = await writeCandidate(marked, context.signal);
  try {
    const { nodesMs } = ownedTimes(prepared, await profileFile(work, file.path));
    const total = [...nodesMs.values()].reduce((sum, ms) => sum + ms, 0);
    // A runtime that profiles nothing tells nothing.
    if (total === 0) return null;
    const nodes = nodesByKey(prepared);
    return new Map([...nodesMs].map(([key, ms]) => [nodes.get(key)?.name ?? key, ms / total]));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof InferError)) throw error;
    return null;
  } finally {
    file.dispose();
  }
}
