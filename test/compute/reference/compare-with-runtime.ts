import fc from 'fast-check';
import { expect } from 'vitest';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runModel } from '../../numerics/run-model.ts';
import type { NdArray } from './nd-array.ts';
import { fromDense } from './nd-array.ts';
import type { OperatorCase } from './operator-case.ts';
import { runReference } from './run-reference.ts';

/** The case's graph as a model that returns `y0`, `y1` … */
export function modelOf({ build, opset = 20 }: OperatorCase, feeds: NamedTensors): Model {
  const g = new GraphBuilder();
  const inputs = new Map(Object.entries(feeds).map(([name, { type, dims }]) => [name, g.input(name, type, dims)]));
  const made = build(g, (name) => {
    const value = inputs.get(name);
    if (value === undefined) throw new RangeError(`there is no input '${name}'`);
    return value;
  });
  for (const [index, value] of made.entries()) g.output(value, `y${index}`);
  return g.model({ opset });
}

export function arraysOf(feeds: NamedTensors): ReadonlyMap<string, NdArray> {
  return new Map(Object.entries(feeds).map(([name, tensor]) => [name, fromDense(tensor)]));
}

/** Inputs of the case, drawn anew until no element is closer than this to a point without a derivative. */
export function drawApart({ seed, draw, ...rest }: OperatorCase, distance: number): NamedTensors {
  for (let attempt = 0; attempt < 50; attempt++) {
    const feeds = draw(createRandom(seed, 'inputs', attempt));
    const model = modelOf({ seed, draw, ...rest }, feeds);
    if (distance === 0 || runReference(model, arraysOf(feeds)).kinkDistance >= distance) return feeds;
  }
  // Numbers that shrink from operator to operator cannot be apart: such a graph tells nothing of derivatives.
  fc.pre(false);
  throw new RangeError('no inputs are apart from all kinks');
}

/** Holds the runtime's outputs against the reference's: within 1e-5 of the largest element. */
export function expectClose(found: NdArray, expected: NdArray, what: string): void {
  expect(`${what} is [${found.dims.join()}]`).toBe(`${what} is [${expected.dims.join()}]`);
  const most = expected.data.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  const worst = expected.data.reduce(
    (largest, x, i) => Math.max(largest, Math.abs(x - (found.data[i] ?? Number.NaN))),
    0,
  );
  expect({ what, worst }).toEqual({ what, worst: expect.toSatisfy((x: number) => x <= 1e-5 * Math.max(most, 1e-2)) });
}

/** Runs the case in both and compares all outputs. */
export async function checkForward(each: OperatorCase): Promise<void> {
  const feeds = drawApart(each, 0);
  const model = modelOf(each, feeds);
  const { values } = runReference(model, arraysOf(feeds));
  const outputs = await runModel(encodeModel(model), feeds);
  for (const [name, tensor] of Object.entries(outputs)) {
    const expected = values.get(name);
    if (expected === undefined) throw new RangeError(`the reference has no '${name}'`);
    expectClose(fromDense(tensor), expected, name);
  }
}
