import type { BenchOptions, InputSettings, ProtocolSettings } from '../../src/bench/bench-options.ts';
import type { SweepAxes } from '../../src/bench/sweep.ts';
import { defaultTolerance } from '../../src/compute/compare-outputs.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { ScriptedRuntime } from '../../src/runtime/scripted.ts';
import { environment } from '../report/fixture-bench-result.ts';

/** One float input `x` and one output `y` of the same shape. */
export function signatureOf(shape: readonly (number | string)[]): ModelSignature {
  const value = (name: string) => ({ name, type: 'float32', shape }) as const;
  return { inputs: [value('x')], outputs: [value('y')] };
}

export function floats(...values: readonly number[]): DenseTensor {
  return { type: 'float32', dims: [values.length], data: Float32Array.from(values) };
}

/** A runtime whose every run takes 1 ms, unless the script says otherwise. */
export function scripted(script: Partial<Script> = {}): ScriptedRuntime {
  return new ScriptedRuntime({
    signature: () => signatureOf(['batch', 4]),
    runMs: () => 1,
    environment,
    ...script,
  });
}

export const protocol: ProtocolSettings = {
  seed: 0,
  precision: 0.03,
  rounds: 3,
  maxRounds: 3,
  minRuns: 10,
  minMs: 20,
  warmUpMs: 10,
  budgetMs: 60_000,
  budgetIsHard: false,
  timeoutMs: 1000,
  optimization: 'all',
  strictProvider: false,
  tolerance: defaultTolerance,
};

const axes: SweepAxes = { models: 1, providers: ['cpu'], threads: [2], instances: [1], dims: {}, batches: [] };

const inputs: InputSettings = {
  shapes: {},
  values: {},
  batchDimension: undefined,
  loadSamples: null,
  poolSize: 2,
  description: 'synthetic',
};

/** What a test sets of the options; the rest is a plain run of one point in three rounds. */
export interface OptionsSketch extends Partial<Omit<BenchOptions, 'axes' | 'inputs' | 'protocol' | 'models'>> {
  readonly models?: readonly string[];
  readonly axes?: Partial<SweepAxes>;
  readonly inputs?: Partial<InputSettings>;
  readonly protocol?: Partial<ProtocolSettings>;
}

export function benchOptions(sketch: OptionsSketch = {}): BenchOptions {
  const { models = ['a.onnx'], ...rest } = sketch;
  return {
    runtime: scripted(),
    usableCores: 2,
    unusable: new Map(),
    onEvent: () => {},
    ...rest,
    models: models.map((path) => ({ path, sha256: '0'.repeat(64), sizeBytes: 100 })),
    axes: { ...axes, models: models.length, ...sketch.axes },
    inputs: { ...inputs, ...sketch.inputs },
    protocol: { ...protocol, ...sketch.protocol },
  };
}
