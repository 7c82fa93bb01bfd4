import { DataError } from '../../errors.ts';
import { collectMoments } from '../../compute/reconstruction/collect-moments.ts';
import type { Model } from '../../onnx/model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import type { UnitReader } from '../../prune/numeric/unit-scores.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { nodesByName } from './nodes-by-name.ts';
import type { WeightAxes } from './weight-axes.ts';
import type { PruneWork } from './work.ts';

export interface Scoring {
  readonly model: Model;
  readonly groups: readonly PruneGroup[];
  readonly weights: WeightAxes;
}

/** Scores by what is read; by the weights where no product reads a group. */
export async function readingScores(
  work: PruneWork,
  scoring: Scoring,
  scoresOf: (readers: readonly UnitReader[], units: number) => Float64Array,
): Promise<ReadonlyMap<number, Float64Array>> {
  const { groups, weights } = scoring;
  const readers = await readersOf(work, scoring);
  return new Map(
    groups.map((group) => {
      const own = readers.get(group.id);
      return [group.id, own === undefined ? weights.normOf(group) : scoresOf(own, group.units)];
    }),
  );
}

/**
 * Layers that read units, with the moments of what they read.
 * @throws DataError `activations-not-finite` where no sample makes finite ones
 */
async function readersOf(
  work: PruneWork,
  { model, groups, weights }: Scoring,
): Promise<ReadonlyMap<number, readonly UnitReader[]>> {
  const nodes = nodesByName(model);
  const wanted = groups.flatMap((group) =>
    group.consumers.flatMap((consumer) => {
      const node = nodes.get(consumer.node);
      const value = node?.input(0)?.name;
      if (node === undefined || value === undefined || consumer.input !== 1) return [];
      return [{ group, consumer, place: { value, axis: node.is('Conv', 'ConvTranspose') ? 1 : -1 } }];
    }),
  );
  const { moments, notFinite } = await collectMoments({
    ...editedModels(work),
    model,
    places: wanted.map(({ place }) => place),
    batches: () => adapted(work, work.feeds.calibration),
    signal: work.context.signal,
    onProgress: ({ done }) => work.context.onEvent({ kind: 'scoring', done, of: 0 }),
  });
  const lost = notFinite.find(({ name }) => wanted.some(({ place }, i) => place.value === name && moments[i] === null));
  if (lost !== undefined) throw notFiniteError(work, lost.name);
  const readers = new Map<number, UnitReader[]>();
  for (const [i, { group, consumer }] of wanted.entries()) {
    const measured = moments[i];
    const [axis] = weights.of(group, [consumer]);
    if (measured == null || axis === undefined) continue;
    const reader = { ...axis, moments: { means: measured.mean, meanSquares: measured.meanSquare } };
    readers.set(group.id, [...(readers.get(group.id) ?? []), reader]);
  }
  return readers;
}

function notFiniteError({ request, feeds }: PruneWork, value: string): DataError {
  const { path } = request.data;
  return new DataError('activations-not-finite', {
    path: path ?? feeds.dataset.path,
    samples: feeds.calibration.samples,
    value,
  });
}
