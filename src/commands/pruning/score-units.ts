import type { Finding } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import {
  activationScores,
  magnitudeScores,
  randomScores,
  scaleScores,
  varianceScores,
} from '../../prune/numeric/unit-scores.ts';
import type { UnitScore } from '../../prune/vocabulary.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import { fisherScores } from './fisher-scores.ts';
import { obsScores } from './obs-scores.ts';
import type { Scoring } from './unit-readers.ts';
import { readingScores } from './unit-readers.ts';
import { WeightAxes } from './weight-axes.ts';
import type { PruneWork } from './work.ts';

/** Scores of each unit, by group id: low ones go first. */
export type Scores = ReadonlyMap<number, Float64Array>;

/** What units are ranked by, and what to know of it. */
export interface ScoredUnits {
  readonly scores: Scores;
  readonly warnings: readonly Finding[];
}

/** Ranks the units of groups in a model, by what it reads on calibration data where there are some. */
export async function scoreUnits(work: PruneWork, model: Model, groups: readonly PruneGroup[]): Promise<ScoredUnits> {
  const scoring = { model, groups, weights: new WeightAxes(model) };
  switch (settledScore(work)) {
    case 'taylor':
      return fisherScores(work, scoring);
    case 'obs':
    case 'auto':
      return { scores: await obsScores(work, scoring), warnings: [] };
    case 'activation':
      return { scores: await readingScores(work, scoring, activationScores), warnings: [] };
    case 'wifv':
      return { scores: await readingScores(work, scoring, varianceScores), warnings: [] };
    case 'l1':
    case 'l2':
    case 'bn-scale':
    case 'random':
      return { scores: blindScores(work, scoring), warnings: [] };
  }
}

/** Scores that look at weights alone, or at nothing. */
function blindScores({ request }: PruneWork, { groups, weights }: Scoring): Scores {
  const { score } = request.settings;
  return new Map(
    groups.map((group) => {
      const { id, units, producers, followers } = group;
      if (score === 'l1') return [id, magnitudeScores(weights.of(group, producers), units, 1)];
      if (score === 'random') return [id, randomScores(units, createRandom(request.seed, 'units', id))];
      const scales = weights.of(
        group,
        followers.filter(({ input }) => input === 1),
      );
      // What else works on each unit by itself are kernels.
      const norms = score === 'bn-scale' ? scales.filter(({ dims }) => dims.length === 1) : [];
      return [id, norms.length > 0 ? scaleScores(norms, units) : weights.normOf(group)];
    }),
  );
}

/** What `auto` comes to. */
function settledScore({ request, feeds }: Pick<PruneWork, 'request' | 'feeds'>): UnitScore {
  const { score } = request.settings;
  if (score !== 'auto') return score;
  return feeds.source === 'data' ? 'auto' : 'l2';
}
