import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';
import type { Script, ScriptedRun } from '../../src/runtime/scripted.ts';
import { ScriptedRuntime } from '../../src/runtime/scripted.ts';
import { environment } from '../report/fixture-bench-result.ts';

/** A batch of rows of four numbers in, as many out. */
export const rowsSignature: ModelSignature = {
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 4] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['batch', 4] }],
};

/** The batch that a run is fed. */
export function batchOf({ feeds }: ScriptedRun): number {
  return feeds['x']?.dims[0] ?? 0;
}

export function floats(...values: readonly number[]): DenseTensor {
  return { type: 'float32', dims: [values.length], data: Float32Array.from(values) };
}

/** A machine on which a run takes as many milliseconds as its batch has rows, unless the script says otherwise. */
export function scriptedRuntime(script: Partial<Script> = {}): ScriptedRuntime {
  return new ScriptedRuntime({
    environment,
    signature: () => rowsSignature,
    loadMs: 40,
    runMs: batchOf,
    outputs: (): NamedTensors => ({ y: floats(1) }),
    ...script,
  });
}
