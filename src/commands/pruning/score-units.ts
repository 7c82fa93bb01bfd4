import type { Model } from '../../onnx/model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import {
  activationScores,
  groupNormScores,
  magnitudeScores,
  randomScores,
  scaleScores,
  varianceScores,
} from '../../prune/numeric/unit-scores.ts';
import type { UnitScore } from '../../prune/vocabulary.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import { fisherScores } from './fisher-scores.ts';
import { obsScores } from './obs-scores.ts';
import { readersOf } from './unit-readers.ts';
import { WeightAxes } from './weight-axes.ts';
import type { PruneWork } from './work.ts';

/** Scores of each unit, by group id: low ones go first. */
export type Scores = ReadonlyMap<number, Float64Array>;

/** Ranks the units of groups in a model, by what it reads on calibration data where there are some. */
export async function scoreUnits(work: PruneWork, model: Model, groups: readonly PruneGroup[]): Promise<Scores> {
  const score = settledScore(work);
  const weights = new WeightAxes(model);
  const { seed } = work.request;
  const each = (of: (group: PruneGroup) => Float64Array): Scores =>
    new Map(groups.map((group) => [group.id, of(group)]));
  switch (score) {
    case 'l1':
      return each((group) => magnitudeScores(weights.of(group, group.producers), group.units, 1));
    case 'l2':
      return each((group) =>
        groupNormScores(weights.of(group, [...group.producers, ...group.consumers, ...group.followers]), group.units),
      );
    case 'bn-scale':
      return each((group) => scaleScores(weights.of(group, group.followers), group.units));
    case 'random':
      return each((group) => randomScores(group.units, createRandom(seed, 'units', group.id)));
    case 'taylor':
      return fisherScores(work, model, groups);
    case 'obs':
    case 'auto':
      return obsScores(work, { model, groups, weights });
    case 'activation':
    case 'wifv': {
      const readers = await readersOf(work, { model, groups, weights });
      const scores = score === 'wifv' ? varianceScores : activationScores;
      return each((group) => scores(readers.get(group.id) ?? [], group.units));
    }
  }
}

/** What `auto` comes to. */
function settledScore({ request, feeds }: Pick<PruneWork, 'request' | 'feeds'>): UnitScore {
  const { score } = request.settings;
  if (score !== 'auto') return score;
  return feeds.source === 'data' ? 'auto' : 'l2';
}
