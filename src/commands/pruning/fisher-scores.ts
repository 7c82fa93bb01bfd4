import { labelVector } from '../../distill/class-labels.ts';
import type { Model } from '../../onnx/model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import { groupNormScores } from '../../prune/numeric/unit-scores.ts';
import type { FisherSample } from '../../prune/taylor/collect-fisher.ts';
import { collectFisher } from '../../prune/taylor/collect-fisher.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { fisherOutputs } from './fisher-outputs.ts';
import { singleSamples } from './single-samples.ts';
import { shapesOf } from './structure.ts';
import { WeightAxes } from './weight-axes.ts';
import type { PruneWork } from './work.ts';

/**
 * What a loss loses, to the second power, as units fade out: by labels where the data have classes, else by what the
 * model itself says. Groups that no gradient reaches, behind a node that has none, are ranked by their weights. Throws
 * DataError for labels that are no classes.
 */
export async function fisherScores(
  work: PruneWork,
  model: Model,
  groups: readonly PruneGroup[],
): Promise<ReadonlyMap<number, Float64Array>> {
  const { request, context, feeds } = work;
  const { outputs, classes } = await fisherOutputs(work);
  const { scores } = await collectFisher({
    ...editedModels(work),
    model,
    groups: groups.filter(({ locks }) => locks.length === 0),
    shapes: await shapesOf(work, model),
    outputs,
    samples: samplesOf(work, classes),
    seed: request.seed,
    signal: context.signal,
    onProgress: ({ done }) => context.onEvent({ kind: 'scoring', done, of: feeds.calibration.samples }),
  });
  const weights = new WeightAxes(model);
  const byWeights = (group: PruneGroup) =>
    groupNormScores(weights.of(group, [...group.producers, ...group.consumers, ...group.followers]), group.units);
  return new Map(groups.map((group) => [group.id, scores.get(group.id) ?? byWeights(group)]));
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
