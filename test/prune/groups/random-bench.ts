import { GraphBuilder, longs, type OpOptions } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import type { Random } from '../../../src/stats/seeded-random.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { noise } from '../../quantize/rewrite/run-models.ts';

/** A value in the making and its lengths. */
export interface Item {
  readonly value: Value;
  readonly dims: readonly number[];
}

type Attributes = NonNullable<OpOptions['attributes']>;

/** Where a random graph is built: constants are small noise, choices are seeded. */
export class RandomBench {
  readonly g = new GraphBuilder();
  readonly random: Random;
  readonly #seed: number;
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.random = createRandom(seed, 'graph');
  }

  /** Noise of about 1 / sqrt(fanIn). */
  weight(dims: readonly number[], fanIn: number): Value {
    return this.g.constant('w', noise(dims, this.#seed * 1000 + this.#made++, 1 / Math.sqrt(fanIn)));
  }

  ints(values: readonly number[]): Value {
    return this.g.constant('n', longs(values));
  }

  op(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    return this.g.op(op, inputs, { attributes });
  }

  pick<Option>(options: readonly Option[]): Option {
    const picked = options[this.random.integer(options.length)];
    if (picked === undefined) throw new RangeError('there is nothing to pick');
    return picked;
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }
}

export type Step = (bench: RandomBench, from: Item) => Item;
