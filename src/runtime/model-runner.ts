import type { DataType } from '../onnx/data-type.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { ProviderName } from './provider.ts';
import type { OptimizationLevel } from './runtime.ts';

/** A model to load. Bytes are sent to another process: beyond some 64 MB a file is quicker. */
export type ModelSource = { readonly bytes: Uint8Array } | { readonly path: string };

export interface RunnerOptions {
  readonly threads: number;
  /** `cpu` unless given. */
  readonly provider?: ProviderName;
  /** Path of the browser for the providers in one; found unless given. */
  readonly browser?: string;
  /** Refuse models of which a node would fall back to the CPU provider; false unless given. */
  readonly strictProvider?: boolean;
  /** Longest silence of the process before it is killed. */
  readonly timeoutMs: number;
}

export interface LoadOptions {
  /** `disabled` unless given: the model runs as it is written. */
  readonly optimization?: OptimizationLevel;
  /** Where the runtime writes the model as it optimized it for this machine. */
  readonly optimizedPath?: string;
  /** onnxruntime's session configuration by whole keys, such as `session.disable_quant_qdq`. */
  readonly config?: Readonly<Record<string, string>>;
  /** What errors call the model; its path unless given. */
  readonly name?: string;
}

/** Runs models to know something of them, not to time them. A crash costs the process; the next load starts another. */
export interface ModelRunner {
  /** Throws ModelError or RuntimeError. */
  load(source: ModelSource, options?: LoadOptions): Promise<LoadedModel>;
  /** Ends the process and with it every loaded model. Never throws. */
  close(): Promise<void>;
}

/** A tensor without its elements. */
export interface TensorShape {
  readonly type: DataType;
  readonly dims: readonly number[];
}

/** What becomes of a step's outputs; those that are in neither are dropped. */
export interface StepOutputs {
  /** Returned. */
  readonly outputs: readonly string[];
  /** Kept: names of outputs, each with the input that it feeds from now on. */
  readonly carry: Readonly<Record<string, string>>;
}

/** One model in memory of a runner. Lost with the process that holds it: calls then reject as the failed one did. */
export interface LoadedModel {
  readonly signature: ModelSignature;
  /** Runs once; `outputs` are those to return, all unless given. Throws RuntimeError. */
  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors>;
  /** Runs once and returns the outputs without their elements, which stay where they are. Throws RuntimeError. */
  shapes(feeds: NamedTensors, outputs?: readonly string[]): Promise<Readonly<Record<string, TensorShape>>>;
  /** Puts tensors into the process, by input name: they feed every run after it until others take their place. */
  keep(tensors: NamedTensors): Promise<void>;
  /** The named inputs that are kept, as they are now. Throws RuntimeError for one that is not. */
  kept(names: readonly string[]): Promise<NamedTensors>;
  /**
   * Runs once and keeps some outputs as inputs of the runs to come, which is how weights and caches stay where they
   * are from step to step. A run that fails leaves what is kept as it was. Throws RuntimeError.
   */
  advance(feeds: NamedTensors, step: StepOutputs): Promise<NamedTensors>;
  /** Gives its memory back. Never throws. */
  release(): Promise<void>;
}
