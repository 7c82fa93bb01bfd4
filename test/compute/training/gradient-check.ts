import { expect } from 'vitest';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../src/compute/training/autodiff.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { valuesOf } from '../../../src/onnx/traverse.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runModel } from '../../numerics/run-model.ts';
import { arraysOf, drawApart, expectClose, modelOf } from '../reference/compare-with-runtime.ts';
import type { NdArray } from '../reference/nd-array.ts';
import { element, fromDense } from '../reference/nd-array.ts';
import { numericGradient } from '../reference/numeric-gradient.ts';
import { draw } from '../reference/operator-case.ts';
import type { OperatorCase } from '../reference/operator-case.ts';
import { runReference } from '../reference/run-reference.ts';

/** Differences reach so far at most, with what a chain of operators makes of a step: no kink may be nearer. */
const apart = 1e-3;
/** Of a large tensor only so many elements are compared, at random. */
const mostPlaces = 64;
const tolerance = 1e-4;

/**
 * Differentiates Σ W·y over the outputs of a case, W random, runs gradients and outputs in the runtime, and holds both
 * against the reference in doubles: outputs within 1e-5, gradients within ‖g-ĝ‖/‖ĝ‖ ≤ 1e-4 of central differences.
 */
export async function checkGradient(each: OperatorCase): Promise<void> {
  const feeds = drawApart(each, apart);
  const model = modelOf(each, feeds);
  const arrays = arraysOf(feeds);
  const { values } = runReference(model, arrays);
  const weights = weightsOf(each, values);
  const outputs = await runGradients(each, { feeds, values, weights });
  for (const name of weights.keys()) expectClose(outputArray(outputs, name), arrayOf(values, name), name);
  const loss = () => weightedSum(runReference(model, arrays).values, weights);
  const scale = Math.hypot(...[...weights.values()].flatMap(({ data }) => [...data]));
  for (const [name, tensor] of Object.entries(feeds)) {
    if (tensor.type !== 'float32') continue;
    const { data } = arrayOf(arrays, name);
    const places = placesOf(data.length, each.seed);
    const expected = numericGradient(loss, data, places);
    const gradient = outputArray(outputs, gradientName(name));
    expectNear({ name, expected, found: places.map((place) => element(gradient.data, place)), scale });
  }
}

interface Evaluated {
  readonly feeds: NamedTensors;
  readonly values: ReadonlyMap<string, NdArray>;
  readonly weights: ReadonlyMap<string, NdArray>;
}

/** Outputs and gradients, the latter by {@link gradientName}; zeros where the loss does not depend on an input. */
async function runGradients(each: OperatorCase, { feeds, values, weights }: Evaluated): Promise<NamedTensors> {
  const model = modelOf(each, feeds);
  const { graph } = model;
  const types = inferTypes(model);
  const e = new Expressions(graph);
  e.importOpset('', model.opset);
  for (const value of valuesOf(graph)) {
    const type = types.get(value)?.elementType ?? null;
    if (type === null) throw new RangeError(`the type of '${value.name}' is not known`);
    const array = values.get(value.name);
    // A second output that the reference does not make is not read either.
    if (array === undefined) continue;
    expect(`${value.name} is [${types.get(value)?.shape?.join()}]`).toBe(`${value.name} is [${array.dims.join()}]`);
    e.adopt(value, { type, dims: array.dims });
  }
  const terms = [...weights].map(([name, { dims, data }]) => {
    const y = graph.outputs.find((value) => value.name === name);
    if (y === undefined) throw new RangeError(`there is no output '${name}'`);
    return e.sumAll(e.mul(e.exprOf(y), e.constant({ type: 'float32', dims, data: Float32Array.from(data) })));
  });
  const loss = terms.reduce((sum, term) => e.add(sum, term));
  const wanted = graph.inputs.filter((value) => feeds[value.name]?.type === 'float32');
  const { gradients, frozen, unused } = differentiate({ e, loss, wanted });
  expect([...frozen.values()].map(({ node, problem }) => `${node.op}: ${problem}`)).toEqual([]);
  for (const [value, gradient] of gradients) e.output(gradient, gradientName(value.name));
  for (const value of unused) e.output(e.zeros(e.exprOf(value).dims), gradientName(value.name));
  // A training step runs optimized, but the graph must be right as it is written, too.
  return await runModel(encodeModel(e.model()), feeds, each.seed % 2 === 0 ? 'disabled' : 'all');
}

function gradientName(input: string): string {
  return `gradient of ${input}`;
}

/** W by output: as float32 holds it, which is how the runtime gets it. */
function weightsOf({ seed }: OperatorCase, values: ReadonlyMap<string, NdArray>): ReadonlyMap<string, NdArray> {
  const random = createRandom(seed, 'weights');
  const outputs = [...values].filter(([name]) => /^y\d+$/u.test(name));
  return new Map(outputs.map(([name, { dims }]) => [name, fromDense(draw(random, dims))]));
}

function weightedSum(values: ReadonlyMap<string, NdArray>, weights: ReadonlyMap<string, NdArray>): number {
  let sum = 0;
  for (const [name, { data }] of weights) {
    const y = arrayOf(values, name).data;
    for (let i = 0; i < data.length; i++) sum += element(data, i) * element(y, i);
  }
  return sum;
}

function placesOf(length: number, seed: number): readonly number[] {
  const all = Array.from({ length }, (_, place) => place);
  return length <= mostPlaces ? all : createRandom(seed, 'places').shuffle(all).slice(0, mostPlaces);
}

/** ‖g-ĝ‖/‖ĝ‖; where everything cancels (a softmax over one element) the weights' size is what it is measured by. */
function expectNear({
  name,
  expected,
  found,
  scale,
}: {
  readonly name: string;
  readonly expected: readonly number[];
  readonly found: readonly number[];
  readonly scale: number;
}): void {
  const error = Math.hypot(...expected.map((x, i) => x - (found[i] ?? Number.NaN)));
  const size = Math.max(Math.hypot(...expected), 1e-2 * scale);
  const near = expect.toSatisfy((ratio: number) => ratio <= tolerance, 'within 1e-4 of the differences');
  expect({ name, ratio: error / size, expected, found }).toEqual({ name, ratio: near, expected, found });
}

function arrayOf(values: ReadonlyMap<string, NdArray>, name: string): NdArray {
  const array = values.get(name);
  if (array === undefined) throw new RangeError(`there is no value '${name}'`);
  return array;
}

function outputArray(outputs: NamedTensors, name: string): NdArray {
  const tensor = outputs[name];
  if (tensor === undefined) throw new RangeError(`the runtime returned no '${name}'`);
  return fromDense(tensor);
}
