import type { Feeds } from '../onnxruntime.ts';
import { fromOrtTensor, toFeeds } from '../onnxruntime.ts';
import type { GenerationModel } from './generation-model.ts';
import type { Logits } from './last-logits.ts';
import type { Step } from './step-feeds.ts';
import { emptyCache, stepFeeds } from './step-feeds.ts';

/** Runs a session's model for the named outputs. */
export type RunModel = (feeds: Feeds, outputs: readonly string[]) => Promise<Feeds>;

export interface StepLogits {
  readonly logits: Logits;
  /** The place of the last token; null where that is the last place. */
  readonly at: number | null;
}

/** Runs a model on texts as they grow. */
export interface Stepper {
  /** Logits after the last token of each sequence; those seen before must be the same. */
  advance(sequences: readonly (readonly number[])[]): Promise<StepLogits>;
  /** The cache as it is now; empty without one. */
  readonly cache: Feeds;
}

export function createStepper(model: GenerationModel, useCache: boolean, run: RunModel): Stepper {
  return useCache && model.cache.length > 0 ? new CachedStepper(model, run) : new WholeStepper(model, run);
}

/** Runs new tokens alone: the tensors that a run returns are those that the next one is fed, without a copy of ours. */
class CachedStepper implements Stepper {
  cache: Feeds = {};
  #past = 0;
  readonly #model: GenerationModel;
  readonly #run: RunModel;
  readonly #outputs: readonly string[];

  constructor(model: GenerationModel, run: RunModel) {
    this.#model = model;
    this.#run = run;
    this.#outputs = [model.logits, ...model.cache.map(({ present }) => present)];
  }

  async advance(sequences: readonly (readonly number[])[]): Promise<StepLogits> {
    if (this.#past === 0) this.cache = toFeeds(emptyCache(this.#model.cache, sequences.length));
    const length = sequences[0]?.length ?? 0;
    const chunk = this.#model.ids.fixedLength ?? length - this.#past;
    let logits: Logits | null = null;
    while (this.#past < length)
      logits = await this.#step({ sequences, from: this.#past, to: this.#past + chunk, padding: 0 });
    if (logits === null) throw new RangeError('there is no token to go on from');
    return { logits, at: null };
  }

  async #step(step: Step): Promise<Logits> {
    const made = await this.#run(feedsOf(this.#model, step, this.cache), this.#outputs);
    const cache: Feeds = {};
    for (const { past, present } of this.#model.cache) cache[past] = outputOf(made, present);
    this.cache = cache;
    this.#past = step.to;
    return logitsOf(made, this.#model);
  }
}

/** Runs the whole text every time, of a model that has a cache with an empty one. */
class WholeStepper implements Stepper {
  readonly cache: Feeds = {};
  readonly #model: GenerationModel;
  readonly #run: RunModel;
  readonly #outputs: readonly string[];

  constructor(model: GenerationModel, run: RunModel) {
    this.#model = model;
    this.#run = run;
    this.#outputs = [model.logits];
  }

  async advance(sequences: readonly (readonly number[])[]): Promise<StepLogits> {
    const to = sequences[0]?.length ?? 0;
    const padding = Math.max(0, (this.#model.ids.fixedLength ?? to) - to);
    const empty = toFeeds(emptyCache(this.#model.cache, sequences.length));
    const made = await this.#run(feedsOf(this.#model, { sequences, from: 0, to, padding }, empty), this.#outputs);
    return { logits: logitsOf(made, this.#model), at: padding === 0 ? null : to - 1 };
  }
}

/** The cache goes in as it is. */
function feedsOf(model: GenerationModel, step: Step, cache: Feeds): Feeds {
  const feeds = toFeeds(stepFeeds(model, step));
  for (const { past } of model.cache) feeds[past] = outputOf(cache, past);
  return feeds;
}

function logitsOf(made: Feeds, { logits }: GenerationModel): Logits {
  return fromOrtTensor(outputOf(made, logits));
}

function outputOf(made: Feeds, name: string): Feeds[string] {
  const tensor = made[name];
  if (tensor === undefined) throw new Error(`the model returned no '${name}'`);
  return tensor;
}
