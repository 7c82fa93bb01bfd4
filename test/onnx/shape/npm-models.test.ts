import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../../fixtures/models/models.json' with { type: 'json' };
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import type { Value } from '../../../src/onnx/value.ts';
import type { Comparison } from './agreement.ts';
import { disagreements, inferAndRun, lengthsOf, unknowns } from './agreement.ts';

/** What a model is fed: the fixture's lengths for its main input, 1 for any other axis without a length. */
function feedsOf(
  model: Model,
  { input, dims }: { readonly input: string; readonly dims: readonly number[] },
): NamedTensors {
  const feeds = model.graph.inputs
    .filter((value) => !value.isInitializer)
    .map((value) => [value, dimsOf(value)] as const);
  return Object.fromEntries(
    feeds.map(([value, own]) => [value.name, feedOf(value, value.name === input ? dims : own)]),
  );
}

function dimsOf({ type }: Value): readonly number[] {
  const shape = type?.kind === 'tensor' ? (type.shape ?? []) : [];
  return shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : 1));
}

function feedOf({ name, type }: Value, dims: readonly number[]) {
  const elementType = type?.kind === 'tensor' ? type.elementType : null;
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: count }, (_, index) => (name === 'sr' ? 16_000 : Math.sin(index)));
  return tensorOfNumbers(elementType === 'int64' ? 'int64' : 'float32', dims, values);
}

async function compare(name: keyof typeof models, bound: boolean): Promise<Comparison> {
  const model = readModelBytes(readFileSync(models[name].path));
  const feeds = feedsOf(model, models[name]);
  return inferAndRun(model, feeds, bound ? { dims: Object.fromEntries(lengthsOf(model, feeds)) } : {});
}

describe('inferTypes on real models', () => {
  it.each(Object.keys(models) as (keyof typeof models)[])('is never wrong about %s', async (name) => {
    expect(disagreements(await compare(name, true))).toEqual([]);
    expect(disagreements(await compare(name, false))).toEqual([]);
  });

  it.each(['cls', 'det', 'rec', 'vad', 'vad-half'] as const)('knows every shape of %s', async (name) => {
    expect(unknowns(await compare(name, true))).toEqual([]);
  });
});
