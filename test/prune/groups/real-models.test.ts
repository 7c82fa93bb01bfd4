import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { upgradeOpset } from '../../../src/onnx/opset/upgrade-opset.ts';
import { removeInitializersFromInputs } from '../../../src/onnx/passes/remove-initializers-from-inputs.ts';
import { optimizeModel } from '../../../src/optimize/optimize-model.ts';
import { npmModels } from '../../compute/npm-models.ts';
import { syntheticTrial } from '../../conformance/synthetic-trial.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import type { GroupCase } from './group-case.ts';
import { compareRemoval, groupCase, openGroups } from './group-case.ts';
import { randomRemoval } from './random-graphs.ts';

const runner = inProcessRunner();
const settings = { path: 'm', dims: {}, dynamicBatch: false, opset: null, inlineFunctions: true, skip: [] };

/** As `infer prune` prepares a model. */
async function prepared(path: string): Promise<GroupCase> {
  const bytes = readFileSync(path);
  const loaded = await runner.load({ bytes });
  await loaded.release();
  const { feeds } = syntheticTrial(readModelBytes(bytes), loaded.signature);
  const model = readModelBytes(bytes);
  removeInitializersFromInputs.apply(model);
  if (model.opset < 17) upgradeOpset(17, path).apply(model);
  await optimizeModel(model, settings, { runner, onPass: () => undefined });
  checkGraph(model);
  return groupCase(model, feeds);
}

/** Multiply-adds of convolutions and products: all of them, and those of layers with units that can be pruned. */
function macs({ model, shapes, groups }: GroupCase): { readonly all: number; readonly open: number } {
  const open = openGroups({ groups });
  const places = open.flatMap(({ producers, consumers, followers, contractions }) => [
    ...producers,
    ...consumers,
    ...followers,
    ...contractions,
  ]);
  const nodes = new Set(places.map(({ node }) => node));
  const headed = new Set(open.flatMap((group) => group.places.map(({ value }) => value)));
  const total = { all: 0, open: 0 };
  for (const node of model.graph.nodes()) {
    if (!node.is('Conv', 'ConvTranspose', 'Gemm', 'MatMul')) continue;
    const count = macsOf(node, shapes);
    total.all += count;
    if (nodes.has(node.name) || headed.has(node.output(0)?.name ?? '')) total.open += count;
  }
  return total;
}

function macsOf(node: Node, shapes: GroupCase['shapes']): number {
  const [x, weight, y] = [node.input(0), node.input(1), node.output(0)].map(
    (value) => value?.tensor?.dims ?? shapes.get(value?.name ?? '')?.dims ?? [],
  );
  const size = (dims: readonly number[] = []) => dims.reduce((product, length) => product * length, 1);
  if (node.is('Conv')) return size(y) * size(weight?.slice(1));
  if (node.is('ConvTranspose')) return size(x) * size(weight?.slice(1));
  return size(y) * (x?.at(-1) ?? 0);
}

const [fixtures, npm] = ['fixtures', (name: string) => npmModels[name]?.path ?? ''] as const;

it.each([
  ['cnn', `${fixtures}/digits/cnn.onnx`, { channels: 4, neurons: 1, heads: 0, share: 1 }],
  ['mlp', `${fixtures}/digits/mlp.onnx`, { channels: 0, neurons: 2, heads: 0, share: 1 }],
  ['mobile', `${fixtures}/digits/mobile.onnx`, { channels: 7, neurons: 0, heads: 0, share: 1 }],
  ['vit', `${fixtures}/digits/vit.onnx`, { channels: 0, neurons: 3, heads: 3, share: 0.99 }],
  // Heads of its caches are inputs and outputs.
  ['decoder', `${fixtures}/text/decoder.onnx`, { channels: 0, neurons: 3, heads: 0, share: 0.5 }],
  ['PP-OCR cls', npm('cls'), { channels: 26, neurons: 0, heads: 0, share: 1 }],
  ['PP-OCR det', npm('det'), { channels: 36, neurons: 0, heads: 0, share: 1 }],
] as const)('%s', async (_, path, { share, ...kinds }) => {
  const found = await prepared(path);
  const open = openGroups(found);
  expect(
    Object.fromEntries(Object.keys(kinds).map((kind) => [kind, open.filter((group) => group.kind === kind).length])),
  ).toEqual(kinds);
  for (const { locks, units } of found.groups) expect(locks.length > 0 || units > 1).toBe(true);
  const counted = macs(found);
  expect(counted.open / counted.all).toBeGreaterThanOrEqual(share);
  const { apart, kept } = await compareRemoval(found, randomRemoval(found, 5));
  expect(apart).toBeLessThan(1e-5);
  expect(kept).toBeLessThan(0.9);
});
