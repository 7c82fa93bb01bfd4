import { expect } from 'vitest';
import type { BenchEvent } from '../../src/bench/bench-event.ts';
import type { BenchOptions, InputSettings, ModelFile, ProtocolSettings } from '../../src/bench/bench-options.ts';
import type { BenchFindings, Point } from '../../src/bench/bench-result.ts';
import { runBench } from '../../src/bench/run-bench.ts';
import type { SweepAxes } from '../../src/bench/sweep.ts';
import { defaultTolerance } from '../../src/compute/compare-outputs.ts';
import { RuntimeError } from '../../src/errors.ts';
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
  /** What is known of all model files. */
  readonly files?: Partial<ModelFile>;
  readonly axes?: Partial<SweepAxes>;
  readonly inputs?: Partial<InputSettings>;
  readonly protocol?: Partial<ProtocolSettings>;
}

export function benchOptions(sketch: OptionsSketch = {}): BenchOptions {
  const { models = ['a.onnx'], files = {}, ...rest } = sketch;
  return {
    runtime: scripted(),
    usableCores: 2,
    unusable: new Map(),
    onEvent: () => {},
    ...rest,
    models: models.map((path) => ({ path, sha256: '0'.repeat(64), sizeBytes: 100, integerLimits: {}, ...files })),
    axes: { ...axes, models: models.length, ...sketch.axes },
    inputs: { ...inputs, ...sketch.inputs },
    protocol: { ...protocol, ...sketch.protocol },
  };
}

/** What a script throws where a run is to fail. */
export const runFailed = new RuntimeError('run-failed', { model: 'a.onnx', provider: 'cpu', problem: 'scripted' });

export type BlockEvent = Extract<BenchEvent, { kind: 'block' }>;

/** Runs a bench by script and keeps its events, each with the time of the scripted clock. */
export async function measureByScript(sketch: OptionsSketch = {}, script: Partial<Script> = {}) {
  const runtime = scripted(script);
  const events: { event: BenchEvent; atMs: number }[] = [];
  const onEvent = (event: BenchEvent) => {
    events.push({ event, atMs: runtime.nowMs() });
    sketch.onEvent?.(event);
  };
  const findings = await runBench(benchOptions({ ...sketch, runtime, onEvent }));
  expect(runtime.openSessions).toBe(0);
  const blocks = events.flatMap(({ event }) => (event.kind === 'block' ? [event] : []));
  return { findings, runtime, events, blocks };
}

export function onlyPoint({ points: [point] }: BenchFindings): Point {
  if (point === undefined) throw new Error('there is no point');
  return point;
}
