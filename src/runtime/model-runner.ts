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
  /** Longest silence of the process before it is killed. */
  readonly timeoutMs: number;
}

export interface LoadOptions {
  /** `disabled` unless given: the model runs as it is written. */
  readonly optimization?: OptimizationLevel;
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

/** One model in memory of a runner. Lost with the process that holds it: calls then reject as the failed one did. */
export interface LoadedModel {
  readonly signature: ModelSignature;
  /** Runs once; `outputs` are those to return, all unless given. Throws RuntimeError. */
  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors>;
  /** Runs once and returns the outputs without their elements, which stay where they are. Throws RuntimeError. */
  shapes(feeds: NamedTensors, outputs?: readonly string[]): Promise<Readonly<Record<string, TensorShape>>>;
  /** Gives its memory back. Never throws. */
  release(): Promise<void>;
}
