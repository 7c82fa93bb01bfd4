import type { EditedModels } from '../compute/load-edited.ts';
import { loadEdited } from '../compute/load-edited.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import type { LoadedModel } from '../runtime/model-runner.ts';
import type { FeedSource } from './feed-source.ts';
import type { EvaluationGraph } from './training-plan.ts';

/** How a student does on the held-out samples, one number each. */
export interface Scores {
  readonly loss: Float64Array;
  readonly metric: Float64Array;
}

/** Judges students of one architecture on the held-out samples. */
export class HeldOut {
  readonly #loaded: LoadedModel;
  readonly #graph: EvaluationGraph;
  readonly #feeds: FeedSource;
  readonly #held: Uint32Array;

  private constructor(loaded: LoadedModel, graph: EvaluationGraph, samples: { feeds: FeedSource; held: Uint32Array }) {
    this.#loaded = loaded;
    this.#graph = graph;
    this.#feeds = samples.feeds;
    this.#held = samples.held;
  }

  static async open(
    graph: EvaluationGraph,
    samples: { readonly feeds: FeedSource; readonly held: Uint32Array },
    models: EditedModels,
  ): Promise<HeldOut> {
    return new HeldOut(await loadEdited(graph.model, models, { optimization: 'all' }), graph, samples);
  }

  /** Scores of a student with these weights. Throws DataError for samples, RuntimeError. */
  async scores(weights: NamedTensors): Promise<Scores> {
    await this.#keep(weights);
    const { loss, metric } = this.#graph.outputs;
    const found = await this.#run([loss, metric]);
    return { loss: found[loss] ?? new Float64Array(), metric: found[metric] ?? new Float64Array() };
  }

  /** How often the teacher is right; null where there is nothing to be right about. The weights do not matter. */
  async teacherMetric(): Promise<Float64Array | null> {
    const { teacherMetric } = this.#graph.outputs;
    return teacherMetric === null ? null : ((await this.#run([teacherMetric]))[teacherMetric] ?? null);
  }

  /** Gives its memory back. Never throws. */
  close(): Promise<void> {
    return this.#loaded.release();
  }

  async #keep(weights: NamedTensors): Promise<void> {
    const kept = [...this.#graph.parameterInputs].flatMap(([name, input]) => {
      const tensor = weights[name];
      return tensor === undefined ? [] : [[input, tensor] as const];
    });
    await this.#loaded.keep(Object.fromEntries(kept));
  }

  async #run(outputs: readonly string[]): Promise<Readonly<Record<string, Float64Array>>> {
    const size = this.#held.length;
    const scores = outputs.map((name) => [name, new Float64Array(size)] as const);
    let done = 0;
    for await (const feeds of this.#feeds.padded(this.#held)) {
      const made = await this.#loaded.run(feeds, outputs);
      const count = Math.min(this.#feeds.batch, size - done);
      for (const [name, values] of scores) {
        const tensor = made[name];
        if (tensor !== undefined) values.set(numbersOf(tensor).subarray(0, count), done);
      }
      done += count;
    }
    return Object.fromEntries(scores);
  }
}
