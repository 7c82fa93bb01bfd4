import { batchesOf } from '../data/batches-of.ts';
import type { Dataset, DatasetBatch } from '../data/dataset.ts';
import { DataError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { oneShape } from './batch-feeds.ts';
import { labelVector } from './class-labels.ts';
import { labelInput } from './loss-graph.ts';

export interface FeedOptions {
  readonly dataset: Dataset;
  readonly batch: number;
  /** Inputs that are the same for all samples. */
  readonly given: NamedTensors;
  /** Number of classes where labels are fed; null where none are. */
  readonly classes: number | null;
  /** Shapes that every batch must have, by input. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Turns samples into what a step is fed. */
export class FeedSource {
  readonly #options: FeedOptions;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get batch(): number {
    return this.#options.batch;
  }

  /** Whole batches in this order; samples that fill none are left out. */
  async *whole(indices: Uint32Array): AsyncGenerator<NamedTensors, void, undefined> {
    const { dataset, batch } = this.#options;
    for await (const read of batchesOf(dataset, { indices, batch, dropLast: true })) yield this.#feedsOf(read);
  }

  /** All samples in this order, the last one repeated until the last batch is whole. */
  async *padded(indices: Uint32Array): AsyncGenerator<NamedTensors, void, undefined> {
    const { dataset, batch } = this.#options;
    const padded = new Uint32Array(Math.ceil(indices.length / batch) * batch).fill(indices.at(-1) ?? 0);
    padded.set(indices);
    for await (const read of batchesOf(dataset, { indices: padded, batch })) yield this.#feedsOf(read);
  }

  #feedsOf(read: DatasetBatch): NamedTensors {
    const { batch, given, classes, dataset, shapes } = this.#options;
    for (const [input, expected] of shapes) {
      const found = read.feeds[input]?.dims;
      const path = dataset.originOf(read.indices.at(-1) ?? 0);
      if (found !== undefined && found.join() !== expected.join())
        throw new DataError('data-shape-mismatch', { path, input, found, expected }, { hint: oneShape });
    }
    const feeds = { ...read.feeds, ...given };
    if (classes === null) return feeds;
    const originOf = (index: number): string => dataset.originOf(index);
    return { ...feeds, [labelInput]: labelVector(read, { classes, length: batch, originOf }) };
  }
}
