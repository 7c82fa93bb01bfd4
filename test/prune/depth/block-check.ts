import { expect } from 'vitest';
import { observeShapes } from '../../../src/compute/observe-shapes.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { findBlocks } from '../../../src/prune/depth/find-blocks.ts';
import { removeBlocks } from '../../../src/prune/depth/remove-blocks.ts';
import type { ResidualBlock } from '../../../src/prune/depth/residual-block.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { runModel } from '../../numerics/run-model.ts';
import { interfaceOf } from '../../onnx/passes/clean-up-check.ts';

/** Normally distributed numbers. */
export function noise(dims: readonly number[], label: string): DenseTensor {
  const random = createRandom(1, 'noise', label);
  return { type: 'float32', dims, data: Float32Array.from({ length: elementCount(dims) }, () => random.normal()) };
}

/** The blocks of a model, by shapes from a run on these inputs. */
export async function blocksOf(model: Model, feeds: NamedTensors): Promise<readonly ResidualBlock[]> {
  const write = () => Promise.reject(new Error('the model is small'));
  const { values } = await observeShapes({ model, name: 'a.onnx', runner: inProcessRunner(), write }, feeds);
  return findBlocks(model, new Map([...Object.entries(feeds), ...values]));
}

/** A model without blocks computes the same as one that was built without them, bit for bit, and looks the same. */
export async function expectRemoved(
  model: Model,
  blocks: readonly ResidualBlock[],
  { without, feeds }: { readonly without: Model; readonly feeds: NamedTensors },
): Promise<void> {
  const seen = interfaceOf(model);
  removeBlocks(model, blocks);
  checkGraph(model);
  expect(interfaceOf(model)).toEqual(seen);
  expect(await runModel(encodeModel(model), feeds)).toEqual(await runModel(encodeModel(without), feeds));
}

/** How many nodes and initializers a model has. */
export function sizeOf({ graph }: Model) {
  return { nodes: graph.nodeCount, initializers: graph.initializers.size };
}
