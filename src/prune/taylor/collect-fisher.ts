import { copyModel } from '../../compute/copy-model.ts';
import type { EditedModels } from '../../compute/load-edited.ts';
import { loadEdited } from '../../compute/load-edited.ts';
import type { BlockedNode } from '../../compute/training/autodiff.ts';
import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { LoadedModel, TensorShape } from '../../runtime/model-runner.ts';
import type { Random } from '../../stats/seeded-random.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import type { PruneGroup } from '../groups/prune-group.ts';
import type { FisherGraph } from './fisher-graph.ts';
import { writeFisherGraph } from './fisher-graph.ts';
import { FisherSums } from './fisher-sums.ts';
import type { ScoredOutput } from './scored-output.ts';
import { labelInput } from './taylor-loss.ts';
import type { UnitMask } from './unit-masks.ts';
import { insertMasks } from './unit-masks.ts';
import { shapeKey, WaitingSamples } from './waiting-samples.ts';

/** One run: a sample, or a batch where a model takes no other number at a time. */
export interface FisherSample {
  readonly feeds: NamedTensors;
  /** Int64 classes, one a position of the labeled output; null where none is. */
  readonly labels: DenseTensor | null;
}

export interface FisherOptions extends EditedModels {
  /** Stays as it is. */
  readonly model: Model;
  readonly groups: readonly PruneGroup[];
  /** Of the values of the main graph, from a run. */
  readonly shapes: ReadonlyMap<string, TensorShape>;
  /** What the loss looks at. */
  readonly outputs: readonly ScoredOutput[];
  readonly samples: AsyncIterable<FisherSample>;
  /** Of the directions in which values are moved. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number }) => void;
}

export interface FisherScores {
  /** Mean of squared gradients by unit, by id of the group. Groups that no gradient reaches are not in it. */
  readonly scores: ReadonlyMap<number, Float64Array>;
  /** Groups that a node without a gradient stands before, by id. */
  readonly blocked: ReadonlyMap<number, BlockedNode>;
}

/** Every shape has a graph of its own, which takes a while to write and load. */
const mostShapes = 8;
const mostWaitingBytes = 256 * 2 ** 20;

/**
 * Scores units by how much a loss changes, to the first order, as they are faded out: the mean over samples of the
 * squared gradient with respect to a mask of ones on them (Kwon et al. 2022; Theis et al., "Faster gaze prediction with
 * dense networks and Fisher pruning", 2018). One sample a run: the square of a batch's mean gradient would be another
 * number. Samples of rare shapes are left out. Throws ModelError and RuntimeError as loading and running do.
 */
export async function collectFisher(options: FisherOptions): Promise<FisherScores> {
  const model = copyModel(options.model);
  const masks = insertMasks(model, options.groups, options.shapes);
  if (masks.length === 0 || options.outputs.length === 0) return { scores: new Map(), blocked: new Map() };
  const random = createRandom(options.seed, 'directions');
  const collection = new Collection({ ...options, model, masks, random });
  await collection.run();
  return collection.scores();
}

interface Collecting extends FisherOptions {
  readonly masks: readonly UnitMask[];
  readonly random: Random;
}

class Collection {
  readonly #options: Collecting;
  readonly #waiting = new WaitingSamples<FisherSample>(mostWaitingBytes);
  #blocked: ReadonlyMap<number, BlockedNode> = new Map();
  #sums: FisherSums | null = null;
  #done = 0;

  constructor(options: Collecting) {
    this.#options = options;
  }

  /** The first shape runs as its samples come; others wait for theirs. */
  async run(): Promise<void> {
    const { samples } = this.#options;
    let first: { readonly key: string; readonly step: LoadedStep } | null = null;
    try {
      for await (const sample of samples) {
        const key = shapeKey(sample.feeds);
        first ??= { key, step: await this.#load(sample) };
        if (key === first.key) await this.#add(first.step, sample);
        else this.#waiting.add(sample);
      }
    } finally {
      await first?.step.loaded.release();
    }
    for (const alike of this.#waiting.commonest(mostShapes - 1)) await this.#runAll(alike);
  }

  scores(): FisherScores {
    return { scores: this.#sums?.means() ?? new Map(), blocked: this.#blocked };
  }

  async #runAll(alike: readonly FisherSample[]): Promise<void> {
    const [first] = alike;
    if (first === undefined) return;
    const step = await this.#load(first);
    try {
      for (const sample of alike) await this.#add(step, sample);
    } finally {
      await step.loaded.release();
    }
  }

  async #load({ feeds }: FisherSample): Promise<LoadedStep> {
    this.#options.signal.throwIfAborted();
    const graph = await writeFisherGraph({ ...this.#options, feeds });
    this.#blocked = blockedGroups(graph, this.#options.masks);
    this.#sums ??= this.#newSums();
    const loaded = await loadEdited(graph.model, this.#options, { optimization: 'all' });
    await loaded.keep(graph.ones);
    return { graph, loaded };
  }

  /** Of groups with a mask and a gradient. */
  #newSums(): FisherSums {
    const { groups, masks } = this.#options;
    const masked = new Set(masks.flatMap(({ units }) => [...units.keys()]));
    const reached = groups.filter(({ id }) => masked.has(id) && !this.#blocked.has(id));
    return new FisherSums(masks, new Map(reached.map(({ id, units }) => [id, units])));
  }

  async #add({ graph, loaded }: LoadedStep, { feeds, labels }: FisherSample): Promise<void> {
    const { random, signal, onProgress } = this.#options;
    signal.throwIfAborted();
    const directions = graph.directions.map(({ name, dims }) => [name, signs(dims, random)] as const);
    const given = labels === null ? {} : { [labelInput]: labels };
    const made = await loaded.run({ ...feeds, ...given, ...Object.fromEntries(directions) });
    const gradients = [...graph.gradients].flatMap(([mask, output]) => {
      const tensor = made[output];
      return tensor === undefined ? [] : [[mask, numbersOf(tensor)] as const];
    });
    this.#sums?.add(new Map(gradients));
    onProgress?.({ done: ++this.#done });
  }
}

interface LoadedStep {
  readonly graph: FisherGraph;
  readonly loaded: LoadedModel;
}

/** A group of which one mask has no gradient has none: what is left of it would be too small. */
function blockedGroups({ blocked }: FisherGraph, masks: readonly UnitMask[]): ReadonlyMap<number, BlockedNode> {
  const groups = masks.flatMap(({ name, units }) => {
    const node = blocked.get(name);
    return node === undefined ? [] : [...units.keys()].map((id) => [id, node] as const);
  });
  return new Map(groups);
}

function signs(dims: readonly number[], random: Random): DenseTensor {
  const data = Float32Array.from({ length: elementCount(dims) }, () => (random.next() < 0.5 ? -1 : 1));
  return { type: 'float32', dims, data };
}
