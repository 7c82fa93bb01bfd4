import { collectCosines } from '../../compute/reconstruction/collect-cosines.ts';
import { copyModel } from '../../compute/copy-model.ts';
import { ModelError } from '../../errors.ts';
import { blockInfluence } from '../../prune/depth/block-influence.ts';
import { chooseBlocks, removableBlocks } from '../../prune/depth/choose-blocks.ts';
import { findBlocks } from '../../prune/depth/find-blocks.ts';
import { removeBlocks } from '../../prune/depth/remove-blocks.ts';
import type { ResidualBlock } from '../../prune/depth/residual-block.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { describeCandidates } from './describe-candidates.ts';
import { judgeChosen } from './judge-chosen.ts';
import type { PruneOutcome } from './outcome.ts';
import { nothingTold } from './outcome.ts';
import { shapesOf } from './structure.ts';
import { tryPruned } from './trial.ts';
import type { PruneWork } from './work.ts';

/** Takes out the residual blocks that change their stream least. */
export async function pruneDepth(work: PruneWork): Promise<PruneOutcome> {
  const { prepared, request } = work;
  const count = request.settings.layers ?? 0;
  const blocks = findBlocks(prepared, await shapesOf(work, prepared));
  refuseLocked(work, blocks);
  const influences = await influencesOf(work, blocks);
  const removed = chooseBlocks(blocks, { count, influences });
  const model = copyModel(prepared);
  removeBlocks(model, removed);
  const name = `${removed.length} of ${blocks.length} blocks removed`;
  const chosen = await tryPruned(work, { name, model, samples: null });
  try {
    const judged = await judgeChosen(work, { chosen, warnings: [] });
    const gone = new Set(removed);
    return {
      ...nothingTold,
      ...judged,
      blocks: blocks.map((block) => ({
        name: block.name,
        nodes: block.nodes.length,
        influence: influences.get(block.name) ?? null,
        removed: gone.has(block),
        lock: block.lock,
      })),
      candidates: describeCandidates(work, { trials: [chosen], chosen }),
    };
  } finally {
    chosen.file.dispose();
  }
}

/** Throws ModelError `blocks-carry-cache` or `no-blocks` where fewer can go than were asked for. */
function refuseLocked({ request, prepared }: PruneWork, blocks: readonly ResidualBlock[]): void {
  const { modelPath: path, settings } = request;
  const asked = settings.layers ?? 0;
  const removable = removableBlocks(blocks).length;
  if (removable >= asked) return;
  const locks: Record<string, number> = {};
  for (const { lock } of blocks) if (lock !== null) locks[lock] = (locks[lock] ?? 0) + 1;
  const carrying = locks['carries-cache'] ?? 0;
  const value = prepared.graph.inputs.find(({ name }) => /past|cache/i.test(name))?.name;
  if (removable === 0 && carrying > 0)
    throw new ModelError('blocks-carry-cache', { path, blocks: carrying, value: value ?? 'a past state' });
  throw new ModelError('no-blocks', { path, asked, removable, locks });
}

/** 1 - mean cosine between what goes into each block and what comes out. */
async function influencesOf(work: PruneWork, blocks: readonly ResidualBlock[]): Promise<ReadonlyMap<string, number>> {
  const open = blocks.filter(({ lock }) => lock !== 'shape-changes');
  const cosines = await collectCosines({
    ...editedModels(work),
    model: work.prepared,
    pairs: open.map(({ input, output }) => ({ a: input, b: output })),
    batches: () => adapted(work, work.feeds.calibration),
    signal: work.context.signal,
    onProgress: ({ done }) => work.context.onEvent({ kind: 'scoring', done, of: 0 }),
  });
  return new Map(
    open.flatMap(({ name }, i) => {
      const influence = blockInfluence(cosines[i]?.cosine ?? null);
      return influence === null ? [] : [[name, influence] as const];
    }),
  );
}
