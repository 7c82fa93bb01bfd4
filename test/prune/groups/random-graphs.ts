import fc from 'fast-check';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { Removal } from '../../../src/prune/groups/prune-group.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { noise } from '../../quantize/rewrite/run-models.ts';
import type { GroupCase } from './group-case.ts';
import { compareRemoval, groupCase, openGroups } from './group-case.ts';
import { type Item, RandomBench } from './random-bench.ts';
import { imageSteps } from './random-image-steps.ts';
import { sequenceSteps } from './random-sequence-steps.ts';

export interface RandomGraph {
  readonly model: Model;
  readonly feeds: NamedTensors;
}

/** A small network of images, of sequences, or of images that become sequences. */
export function randomGraph(seed: number): RandomGraph {
  const bench = new RandomBench(seed);
  const kind = bench.random.integer(4);
  const dims = kind === 0 ? [1 + bench.random.integer(2), 4, 6] : [1 + bench.random.integer(2), 3, 4, 4];
  let item: Item = { value: bench.g.input('x', 'float32', dims), dims };
  if (kind > 0) item = walk(bench, item, imageSteps, kind === 1 ? 3 : 6);
  if (kind === 1) item = asSequence(bench, item);
  if (kind < 2) item = walk(bench, item, sequenceSteps, 3);
  finish(bench, item);
  return { model: bench.g.model({ opset: 17 }), feeds: { x: noise(dims, seed) } };
}

function walk(bench: RandomBench, from: Item, steps: typeof imageSteps, count: number): Item {
  let item = from;
  for (let step = 0; step < count; step++) item = bench.pick(steps)(bench, item);
  return item;
}

function asSequence(bench: RandomBench, { value, dims }: Item): Item {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  const flat = bench.op('Reshape', [value, bench.ints([n, channels, height * width])]);
  return { value: bench.op('Transpose', [flat], { perm: [0, 2, 1] }), dims: [n, height * width, channels] };
}

/** A classifier behind all elements or behind their mean. */
function finish(bench: RandomBench, { value, dims }: Item): void {
  const [n = 1, second = 1] = dims;
  const isImage = dims.length === 4;
  const all = dims.slice(1).reduce((product, length) => product * length, 1);
  const isFlat = isImage && bench.chance(0.5);
  const axes = isImage ? [2, 3] : [1];
  const flat = isFlat
    ? bench.chance(0.5)
      ? bench.op('Flatten', [value], { axis: 1 })
      : bench.op('Reshape', [
          value,
          bench.ints(
            bench.pick([
              [n, all],
              [n, -1],
              [0, all],
            ]),
          ),
        ])
    : bench.op('ReduceMean', [value], { axes, keepdims: 0 });
  const width = isFlat ? all : isImage ? second : (dims[2] ?? 1);
  const isTurned = bench.chance(0.5);
  const weight = bench.weight(isTurned ? [5, width] : [width, 5], width);
  const hidden = bench.op('Gemm', [flat, weight, bench.weight([5], 4)], { transB: isTurned ? 1 : 0 });
  const made = bench.op('MatMul', [bench.op('Relu', [hidden]), bench.weight([5, 3], 5)]);
  bench.g.output(made, 'y', tensorType('float32', [n, 3]));
}

/** Some units of some of the groups that can be pruned, never all of one. */
export function randomRemoval(found: GroupCase, seed: number): Removal {
  const random = createRandom(seed, 'removal');
  const removal = new Map<number, readonly number[]>();
  for (const { id, units } of openGroups(found)) {
    if (random.next() < 0.2) continue;
    const count = 1 + random.integer(units - 1);
    const order = random.shuffle(Array.from({ length: units }, (_, unit) => unit));
    removal.set(
      id,
      order.slice(0, count).toSorted((a, b) => a - b),
    );
  }
  return removal;
}

/** Shares of outputs: float32 sums in another order, through some ten layers. */
const mostApart = 1e-5;

/** Removal equals masking on random graphs. Counts what it saw. */
export async function checkRandomGraphs(options: { readonly cases: number; readonly seed: number }) {
  const seen = { graphs: 0, pruned: 0, groups: 0, heads: 0, apart: 0 };
  const property = fc.asyncProperty(fc.nat(2 ** 30), async (seed) => {
    const { model, feeds } = randomGraph(seed);
    const found = await groupCase(model, feeds, { inferred: true });
    const removal = randomRemoval(found, seed);
    const { apart, kept } = await compareRemoval(found, removal);
    seen.graphs++;
    seen.groups += removal.size;
    seen.heads += found.groups.filter(({ id, kind }) => kind === 'heads' && removal.has(id)).length;
    if (kept < 1) seen.pruned++;
    seen.apart = Math.max(seen.apart, apart);
    if (!(apart <= mostApart)) throw new Error(`seed ${seed}: removal differs from masking by ${apart}`);
  });
  await fc.assert(property, { numRuns: options.cases, seed: options.seed, endOnFailure: true });
  return seen;
}
