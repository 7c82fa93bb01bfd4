import { expect } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { PurePass } from '../../../src/onnx/pass.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runModel } from '../../numerics/run-model.ts';

/** A graph under construction: one float input `x`, one output `y`, random weights that are the same on every run. */
export class FusionCase {
  readonly g = new GraphBuilder();
  readonly x: Value;
  readonly type: 'float32' | 'float64' | 'float16';
  readonly feeds: Record<string, DenseTensor> = {};
  #seed = 1;

  constructor(dims: readonly number[], type: 'float32' | 'float64' | 'float16' = 'float32') {
    this.type = type;
    this.x = this.input('x', dims);
  }

  input(name: string, dims: readonly number[]): Value {
    this.feeds[name] = this.random(dims, { low: -4, high: 4 });
    return this.g.input(name, this.type, dims);
  }

  random(dims: readonly number[], { low = -1, high = 1 } = {}): DenseTensor {
    const random = createRandom(this.#seed++, 'fusion');
    const values = Array.from({ length: elementCount(dims) }, () => low + (high - low) * random.next());
    return tensorOfNumbers(this.type, dims, values);
  }

  /** A constant of random numbers, none of them near zero where `low` is positive. */
  weights(dims: readonly number[], range: { readonly low?: number; readonly high?: number } = {}): Value {
    return this.g.constant('w', this.random(dims, range));
  }

  constant(dims: readonly number[], values: readonly number[]): Value {
    return this.g.constant('c', tensorOfNumbers(this.type, dims, values));
  }

  scalar(value: number): Value {
    return this.constant([], [value]);
  }

  /** Its weights are this graph's, also where it stands in a subgraph. */
  batchNormalization(x: Value, channels: number, g = this.g): Value {
    const [gamma, beta, mean] = [this.weights([channels]), this.weights([channels]), this.weights([channels])];
    return g.op('BatchNormalization', [x, gamma, beta, mean, this.weights([channels], { low: 0.2, high: 2 })]);
  }

  model(y: Value, { opset = 17, type = this.type }: { opset?: number; type?: DataType } = {}): Model {
    this.g.output(y, 'y', tensorType(type));
    return this.g.model({ opset });
  }
}

/** Runs the model before and after the pass, and the pass twice. Returns the operators that are left, in order. */
export async function opsFused(
  pass: PurePass,
  model: Model,
  { feeds, tolerance = 1e-5 }: { feeds: NamedTensors; tolerance?: number },
): Promise<readonly string[]> {
  const before = await runModel(encodeModel(model), feeds);
  expect(pass.apply(model)).toBe(true);
  checkGraph(model);
  expect(pass.apply(model)).toBe(false);
  const after = await runModel(encodeModel(model), feeds);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, expected] of Object.entries(before)) expectClose(after[name], expected, tolerance);
  return [...model.graph.nodes()].map(({ op }) => op);
}

/** Whether the pass finds nothing to do in a model that onnxruntime takes. */
export async function isLeftAlone(pass: PurePass, model: Model, feeds: NamedTensors): Promise<boolean> {
  const bytes = encodeModel(model);
  await runModel(bytes, feeds);
  const changed = pass.apply(model);
  checkGraph(model);
  return !changed && Buffer.compare(encodeModel(model), bytes) === 0;
}

/** Equal within a share of the largest element, and of the same shape. */
function expectClose(actual: DenseTensor | undefined, expected: DenseTensor, tolerance: number): void {
  if (actual === undefined) throw new Error('an output is missing');
  expect(actual.dims).toEqual(expected.dims);
  expect(actual.type).toBe(expected.type);
  const [left, right] = [actual, expected].map((tensor) => Array.from(numbersOf(tensor)));
  if (!left || !right) throw new Error('unreachable');
  const scale = right.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const worst = right.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (left[index] ?? NaN))), 0);
  expect(scale).toBeGreaterThan(0);
  expect(worst).toBeLessThanOrEqual(tolerance * scale);
}
