import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import type { Item } from './random-chain-steps.ts';
import { chainSteps } from './random-chain-steps.ts';

/** Beyond it the reference takes too long; steps that make more are left out by what they start from. */
const mostElements = 150;

export interface ChainOptions {
  readonly seed: number;
  readonly steps: number;
  /** Called for each input that the chain asks for. */
  readonly input: (name: string, dims: readonly number[]) => Value;
}

/** A graph of random operators in which values are read more than once and some lead nowhere. */
export function writeChain(g: GraphBuilder, { seed, steps: count, input }: ChainOptions): readonly Value[] {
  const random = createRandom(seed, 'chain');
  let inputs = 0;
  const parameter = (dims: readonly number[]): Value => input(`p${inputs++}`, dims);
  const starts = [
    [2, 2, 4, 4],
    [3, 4],
    [2, 3, 4],
  ];
  const dims = starts[random.integer(starts.length)] ?? [];
  const items: Item[] = [{ value: parameter(dims), dims }];
  let done = 0;
  for (let tries = 0; done < count && tries < 10 * count; tries++) {
    // Mostly the latest values, so that a chain it is.
    const x = items[Math.max(0, items.length - 1 - random.integer(3))];
    const step = chainSteps[random.integer(chainSteps.length)];
    if (x === undefined || step === undefined || x.dims.length === 0 || elementCount(x.dims) > mostElements / 2)
      continue;
    const made = step({ g, random, items, parameter }, x);
    items.push(...made);
    if (made.length > 0) done++;
  }
  const results = items.slice(1).filter((_, index) => index >= items.length - 2 || random.integer(8) === 0);
  return results.map(({ value }) => value);
}
