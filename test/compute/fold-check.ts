import { expect } from 'vitest';
import type { FoldContext } from '../../src/compute/fold-constants.ts';
import { foldConstants } from '../../src/compute/fold-constants.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { LoadedModel, ModelRunner } from '../../src/runtime/model-runner.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { runModel } from '../numerics/run-model.ts';
import { interfaceOf, opsOf } from '../onnx/passes/clean-up-check.ts';

interface Expected extends Partial<FoldContext> {
  readonly feeds?: NamedTensors;
  /** Operators that must be left in the main graph. */
  readonly ops: readonly string[];
}

/** Folding leaves these operators, the same outputs bit for bit, the same interface, and nothing for a second time. */
export async function expectFolded(model: Model, { feeds = {}, ops, ...context }: Expected): Promise<void> {
  const before = await runModel(encodeModel(model), feeds);
  const seen = interfaceOf(model);
  const fold = { runner: inProcessRunner(), ...context };
  expect(await foldConstants.apply(model, fold)).toBe(true);
  checkGraph(model);
  expect(opsOf(model)).toEqual(ops);
  expect(interfaceOf(model)).toEqual(seen);
  expect(await runModel(encodeModel(model), feeds)).toEqual(before);
  expect(await foldConstants.apply(model, fold)).toBe(false);
}

/** Folding changes nothing. */
export async function expectLeftAlone(model: Model, context: Partial<FoldContext> = {}): Promise<void> {
  const bytes = encodeModel(model);
  expect(await foldConstants.apply(model, { runner: inProcessRunner(), ...context })).toBe(false);
  checkGraph(model);
  expect(Buffer.compare(encodeModel(model), bytes)).toBe(0);
}

/** A runner that counts what it loads, and that may fail in some way. */
export function watchedRunner(failure?: unknown): ModelRunner & { readonly loads: number } {
  const inner = inProcessRunner();
  let loads = 0;
  return {
    get loads() {
      return loads;
    },
    load: (source, options): Promise<LoadedModel> => {
      loads++;
      return failure === undefined ? inner.load(source, options) : Promise.reject(failure);
    },
    close: () => inner.close(),
  };
}
