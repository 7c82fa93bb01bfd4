import type { InputSettings } from '../bench/bench-options.ts';
import type { BatchAxis } from '../data/batch-axis.ts';
import { loadSamples } from '../data/samples.ts';
import { createRandom } from '../stats/seeded-random.ts';
import type { BenchRequest } from './bench.ts';
import { castFeeds } from './cast-feeds.ts';

type InputsRequest = Pick<
  BenchRequest,
  'inputs' | 'dataPath' | 'samples' | 'loaded' | 'batches' | 'dims' | 'language'
> & {
  readonly protocol: Pick<BenchRequest['protocol'], 'seed'>;
};

/** What a request feeds its models: samples in memory, data, or seeded inputs. */
export function benchInputs({
  inputs,
  dataPath,
  samples,
  loaded,
  batches,
  dims,
  language,
  protocol,
}: InputsRequest): InputSettings {
  if (loaded !== undefined)
    return {
      ...inputs,
      description: dataPath ?? 'synthetic',
      loadSamples: (model) => loaded.map((sample) => ({ ...sample, inputs: castFeeds(sample.inputs, model.inputs) })),
    };
  // Prompts are no inputs: whoever writes text reads them.
  if (dataPath === null || language !== undefined)
    return { ...inputs, loadSamples: null, description: dataPath ?? 'synthetic' };
  return {
    ...inputs,
    description: dataPath,
    loadSamples: (model) =>
      loadSamples(dataPath, {
        ...model,
        limit: samples ?? inputs.poolSize * largestBatch({ batches, dims }, model.batchAxis),
        random: createRandom(protocol.seed, 'samples'),
      }),
  };
}

function largestBatch({ batches, dims }: Pick<BenchRequest, 'batches' | 'dims'>, axis: BatchAxis): number {
  if (axis.kind === 'fixed') return axis.size;
  const names = axis.kind === 'symbolic' ? [axis.dimension, ...axis.also] : [];
  return Math.max(1, ...batches, ...names.flatMap((name) => dims[name] ?? []));
}
