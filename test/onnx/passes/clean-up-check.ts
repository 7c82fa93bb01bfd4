import { expect } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { PurePass } from '../../../src/onnx/pass.ts';
import { runModel } from '../../numerics/run-model.ts';

/** Operators of the main graph, in order. */
export function opsOf(model: Model): readonly string[] {
  return [...model.graph.nodes()].map(({ op }) => op);
}

/** What callers see of a model. */
export function interfaceOf({ graph }: Model): unknown {
  const seen = (values: typeof graph.inputs) => values.map(({ name, declaredType }) => ({ name, declaredType }));
  return { inputs: seen(graph.inputs), outputs: seen(graph.outputs) };
}

/** Numbers that are neither equal nor in order. */
export function ramp(dims: readonly number[]): DenseTensor {
  const count = elementCount(dims);
  return floats(
    dims,
    Array.from({ length: count }, (_, index) => ((index * 7) % 11) - 4.5 + index / 8),
  );
}

interface Expected {
  readonly feeds?: NamedTensors;
  /** Operators that must be left. */
  readonly ops: readonly string[];
}

/** The pass changes something, leaves these operators, the same outputs bit for bit, the same inputs and outputs. */
export async function expectCleaned(pass: PurePass, model: Model, { feeds = {}, ops }: Expected): Promise<void> {
  const before = await runModel(encodeModel(model), feeds);
  const seen = interfaceOf(model);
  expect(pass.apply(model)).toBe(true);
  checkGraph(model);
  expect(opsOf(model)).toEqual(ops);
  expect(interfaceOf(model)).toEqual(seen);
  expect(await runModel(encodeModel(model), feeds)).toEqual(before);
  expect(pass.apply(model)).toBe(false);
}

/** The pass changes nothing, though onnxruntime takes the model. */
export async function expectUntouched(pass: PurePass, model: Model, feeds: NamedTensors = {}): Promise<void> {
  const bytes = encodeModel(model);
  await runModel(bytes, feeds);
  expect(pass.apply(model)).toBe(false);
  checkGraph(model);
  expect(Buffer.compare(encodeModel(model), bytes)).toBe(0);
}
