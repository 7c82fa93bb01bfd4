import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../src/onnx/dense-tensor.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import type { Random } from '../../src/stats/seeded-random.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { randomSteps } from './random-steps.ts';

/** A value of the graph under construction, with what is known about it. */
export interface Item {
  readonly value: Value;
  readonly dims: readonly number[];
  readonly type: 'float32' | 'int64' | 'bool';
  /** Rewrites cannot change it by a rounding: operators that jump may read it. */
  readonly exact: boolean;
}

/** What a step of the generator works with. */
export interface Workbench {
  readonly g: GraphBuilder;
  readonly random: Random;
  readonly opset: number;
  /** Everything a new node may read. */
  readonly items: Item[];
  pick(suits: (item: Item) => boolean): Item | null;
  /** A new float constant with values in [-1, 1], sometimes one that exists already. */
  weights(dims: readonly number[]): Value;
  ints(values: readonly number[]): Value;
  add(item: Item): void;
}

export interface RandomModel {
  readonly model: Model;
  readonly feeds: NamedTensors;
  readonly seed: number;
}

export interface RandomModelOptions {
  /** Steps tried; each adds one to four nodes where something suits it. */
  readonly steps?: number;
  readonly opset?: number;
}

/** A model of many operators with redundancies to clean up, valid by construction, and inputs for it. */
export function randomModel(seed: number, { steps = 40, opset = 17 }: RandomModelOptions = {}): RandomModel {
  const random = createRandom(seed, 'random-model');
  const g = new GraphBuilder();
  const bench = workbench(g, random, opset);
  const shapes = [
    [1 + random.integer(2), 4, 6, 6],
    [3, 8],
    [2, 3, 4],
  ];
  const feeds: Record<string, DenseTensor> = {};
  for (const [index, dims] of shapes.entries()) {
    const name = `input_${index}`;
    const value = g.input(name, 'float32', dims);
    bench.add({ value, dims, type: 'float32', exact: true });
    feeds[name] = randomFloats(dims, random);
  }
  for (let step = 0; step < steps; step++) {
    const take = randomSteps[random.integer(randomSteps.length)];
    take?.(bench);
  }
  // A few results at random, and always the last ones: the rest is dead code.
  const made = bench.items.filter(({ value }) => value.producer !== null);
  const outputs = new Set([...made.slice(-3), ...random.shuffle(made).slice(0, 2)]);
  for (const [index, { value, dims, type }] of [...outputs].entries()) {
    value.setType(tensorType(type, dims));
    g.output(value, `output_${index}`);
  }
  return { model: g.model({ opset }), feeds, seed };
}

function workbench(g: GraphBuilder, random: Random, opset: number): Workbench {
  const items: Item[] = [];
  const constants: Item[] = [];
  return {
    g,
    random,
    opset,
    items,
    pick(suits) {
      const suitable = items.filter(suits);
      return suitable[random.integer(suitable.length)] ?? null;
    },
    weights(dims) {
      const old = constants.find((item) => `${item.dims}` === `${dims}`);
      if (old !== undefined && random.integer(4) === 0) return old.value;
      // Sometimes the same numbers under another name, for the merging of duplicates.
      const tensor = randomFloats(dims, random.integer(4) === 0 ? createRandom(1, 'same') : random);
      const value = g.constant('w', tensor);
      constants.push({ value, dims, type: 'float32', exact: true });
      return value;
    },
    ints: (values) =>
      g.constant('i', { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }),
    add: (item) => items.push(item),
  };
}

function randomFloats(dims: readonly number[], random: Random): DenseTensor {
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => random.next() * 2 - 1),
  };
}
