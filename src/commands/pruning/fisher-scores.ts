import { labelVector } from '../../distill/class-labels.ts';
import type { FisherSample } from '../../prune/taylor/collect-fisher.ts';
import { collectFisher } from '../../prune/taylor/collect-fisher.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { fisherOutputs } from './fisher-outputs.ts';
import type { ScoredUnits } from './score-units.ts';
import { singleSamples } from './single-samples.ts';
import { shapesOf } from './structure.ts';
import type { Scoring } from './unit-readers.ts';
import type { PruneWork } from './work.ts';

/**
 * What a loss loses, to the second power, as units fade out: by labels where the data have classes, else by what the
 * model itself says. Groups that no gradient reaches, behind a node that has none, are ranked by their weights. Throws
 * DataError for labels that are no classes.
 */
export async function fisherScores(work: PruneWork, { model, groups, weights }: Scoring): Promise<ScoredUnits> {
  const { request, context, feeds } = work;
  const { outputs, classes } = await fisherOutputs(work);
  const open = groups.filter(({ locks }) => locks.length === 0);
  const { scores } = await collectFisher({
    ...editedModels(work),
    model,
    groups: open,
    shapes: await shapesOf(work, model),
    outputs,
    samples: samplesOf(work, classes),
    seed: request.seed,
    signal: context.signal,
    onProgress: ({ done }) => context.onEvent({ kind: 'scoring', done, of: feeds.calibration.samples }),
  });
  const unreached = open.filter(({ id }) => !scores.has(id)).map(({ name }) => name);
  return {
    scores: new Map(groups.map((group) => [group.id, scores.get(group.id) ?? weights.normOf(group)])),
    warnings: unreached.length === 0 ? [] : [{ code: 'no-gradient', details: { groups: unreached } }],
  };
}

async function* samplesOf(
  { feeds, reference }: PruneWork,
  classes: number | null,
): AsyncGenerator<FisherSample, void, undefined> {
  const { dataset, batchAxis } = feeds;
  const originOf = (index: number) => dataset.originOf(index);
  for await (const batch of feeds.calibration.batches())
    for (const sample of singleSamples({ ...batch, feeds: feeds.adapt(batch.feeds) }, { ...reference, batchAxis })) {
      const labels = classes === null ? null : labelVector(sample, { classes, length: sample.length, originOf });
      yield { feeds: sample.feeds, labels };
    }
}
