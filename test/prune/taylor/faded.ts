import { copyModel } from '../../../src/compute/copy-model.ts';
import { observeShapes } from '../../../src/compute/observe-shapes.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { findGroups } from '../../../src/prune/groups/find-groups.ts';
import type { PruneGroup, WeightPlace } from '../../../src/prune/groups/prune-group.ts';
import type { FisherSample } from '../../../src/prune/taylor/collect-fisher.ts';
import { collectFisher } from '../../../src/prune/taylor/collect-fisher.ts';
import type { ScoredOutput } from '../../../src/prune/taylor/scored-output.ts';
import { calibrated } from '../../compute/calibration/calibrated.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

/** Scores of a model's groups that can be pruned, and those groups. */
export async function scored(model: Model, samples: readonly FisherSample[], outputs: readonly ScoredOutput[]) {
  const feeds = samples.map((sample) => sample.feeds);
  const { batches: _, ...models } = calibrated(model, feeds);
  const { values } = await observeShapes(models, feeds[0] ?? {});
  const inputs = Object.entries(feeds[0] ?? {}).map(([name, { type, dims }]) => [name, { type, dims }] as const);
  const shapes = new Map([...inputs, ...values]);
  const groups = findGroups(model, { shapes, width: false, exclude: () => false }).filter(
    ({ locks }) => locks.length === 0,
  );
  const found = await collectFisher({
    ...models,
    groups,
    shapes,
    outputs,
    seed: 3,
    samples: (async function* () {
      yield* samples;
    })(),
    signal: new AbortController().signal,
  });
  return { ...found, groups };
}

const runner = inProcessRunner();

/** Half of the distance between which differences are taken. */
const step = 0.02;

/**
 * The same by central differences of a loss of onnxruntime's own outputs: columns of the weights that read a unit are
 * faded, or, for `places` of weights that make it, their rows.
 */
export async function differences(
  model: Model,
  group: PruneGroup,
  { samples, loss, places = group.consumers }: DifferenceOptions,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let unit = 0; unit < group.units; unit++) {
    const losses = async (factor: number) => {
      const bytes = encodeModel(faded(model, group, { unit, factor, places }));
      const loaded = await runner.load({ bytes });
      const outputs = await Promise.all(samples.map(async ({ feeds }) => loss(await loaded.run(feeds), feeds)));
      await loaded.release();
      return outputs;
    };
    const [more, less] = [await losses(1 + step), await losses(1 - step)];
    const squares = more.map((high, i) => ((high - (less[i] ?? 0)) / (2 * step)) ** 2);
    found.push(squares.reduce((sum, square) => sum + square, 0) / samples.length);
  }
  return found;
}

interface DifferenceOptions {
  readonly samples: readonly FisherSample[];
  readonly loss: (outputs: NamedTensors, feeds: NamedTensors) => number;
  readonly places?: readonly WeightPlace[];
}

interface Fading {
  readonly unit: number;
  readonly factor: number;
  readonly places: readonly WeightPlace[];
}

function faded(model: Model, group: PruneGroup, { unit, factor, places }: Fading): Model {
  const copy = copyModel(model);
  for (const value of copy.graph.initializers) {
    const place = places.find(({ weight }) => weight === value.name);
    const units = group.places.find((each) => each.value === value.name && each.axis === place?.axis)?.units;
    if (place === undefined || units === undefined || value.tensor?.kind !== 'dense') continue;
    const { dims } = value.tensor;
    const inner = dims.slice(place.axis + 1).reduce((product, dim) => product * dim, 1);
    const numbers = Array.from(numbersOf(value.tensor.toDense()), (number, i) => {
      const index = Math.floor(i / inner) % (dims[place.axis] ?? 1);
      return units[index] === unit ? number * factor : number;
    });
    value.setTensor(Tensor.fromDense(tensorOfNumbers('float32', dims, numbers)));
  }
  return copy;
}

/** -log softmax(scores / 4)[label], or of the largest one. */
export function crossEntropy(logits: readonly number[], label?: number): number {
  const scores = logits.map((logit) => logit / 4);
  const most = Math.max(...scores);
  const all = scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
  return most + Math.log(all) - (label === undefined ? most : (scores[label] ?? Number.NaN));
}

export function numbersIn(outputs: NamedTensors, name: string): readonly number[] {
  const tensor = outputs[name];
  return tensor === undefined ? [] : Array.from(numbersOf(tensor));
}
