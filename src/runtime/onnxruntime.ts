import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DenseTensor, NamedTensors, TensorElements } from '../onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../onnx/signature.ts';
import type { TensorShape } from './model-runner.ts';
import { threadAffinities } from './pin-process.ts';
import type { SessionOptions } from './runtime.ts';

/**
 * Where Node has Float16Array (24 on), onnxruntime's JavaScript makes float16 tensors of it, but the native part of
 * 1.30 cannot read one ("not enough space"). Which arrays there are is asked once, by the first tensor: hidden from
 * that question, float16 stays the Uint16Array that both understand.
 */
function settleOnUint16Array(): void {
  const float16Array = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (float16Array === undefined) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  void new Tensor('float32', new Float32Array(1), [1]);
  Object.defineProperty(globalThis, 'Float16Array', float16Array);
}

settleOnUint16Array();

/** onnxruntime's own tensors by input name: made once, fed many times. */
export type Feeds = Record<string, Tensor>;

/** A session in this very process. Its `run` blocks the thread, so only the worker process holds one. */
export interface OnnxSession {
  readonly signature: ModelSignature;
  /** Returns the named outputs, all unless given. */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Record<string, Tensor>>;
  /** Gives its memory back. */
  release(): Promise<void>;
  /** Ends profiling and lets onnxruntime write its file. */
  endProfiling(): void;
}

export interface OnnxSessionOptions extends Pick<
  SessionOptions,
  'modelPath' | 'provider' | 'threads' | 'optimization' | 'strictProvider' | 'device' | 'processors'
> {
  /** Model bytes, instead of the file at `modelPath`. */
  readonly bytes?: Uint8Array;
  /** Where to write the model as onnxruntime optimized it. */
  readonly optimizedPath?: string;
  /** Session configuration entries by their whole keys, such as `session.disable_quant_qdq`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Log errors to stderr, where the cause of a missing provider is told. They come back as exceptions anyway. */
  readonly logErrors?: boolean;
  /** Where profile files go: turns profiling on, which distorts times. */
  readonly profilePrefix?: string;
}

/** Loads a model. Throws onnxruntime's own error; its text is sorted by classifyFailure. */
export async function openOnnxSession(options: OnnxSessionOptions): Promise<OnnxSession> {
  const settings = settingsOf(options);
  const session =
    options.bytes === undefined
      ? await InferenceSession.create(options.modelPath, settings)
      : await InferenceSession.create(options.bytes, settings);
  return {
    signature: {
      inputs: session.inputMetadata.map(toSignature),
      outputs: session.outputMetadata.map(toSignature),
    },
    run: (feeds, outputs) => (outputs === undefined ? session.run(feeds) : session.run(feeds, outputs)),
    release: () => session.release(),
    endProfiling: () => session.endProfiling(),
  };
}

function settingsOf(options: OnnxSessionOptions): InferenceSession.SessionOptions {
  const { optimizedPath, profilePrefix, strictProvider } = options;
  // Nested objects would be joined to the same keys: `extra: { session: { x } }` is 'session.x'.
  const extra = {
    ...options.config,
    ...(strictProvider && { 'session.disable_cpu_ep_fallback': '1' }),
    ...threadAffinities(options.processors ?? [], options.threads),
  };
  return {
    executionProviders: [providerOf(options)],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: options.optimization,
    logSeverityLevel: options.logErrors === true ? 3 : 4,
    ...(Object.keys(extra).length > 0 && { extra }),
    ...(optimizedPath !== undefined && { optimizedModelFilePath: optimizedPath }),
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
}

/** Of the options of CUDA and TensorRT, onnxruntime-node 1.30 reads the device alone. */
function providerOf({ provider, device }: OnnxSessionOptions): InferenceSession.ExecutionProviderConfig {
  if (device === undefined || (provider !== 'cuda' && provider !== 'tensorrt')) return provider;
  return { name: provider, deviceId: device };
}

function toSignature(metadata: InferenceSession.ValueMetadata): ValueSignature {
  const { name } = metadata;
  if (!metadata.isTensor) throw new Error(`'${name}' is not a tensor: sequences, maps and optionals cannot be fed`);
  const shape = metadata.shape.map((dim, axis) => (dim === '' ? `${name}#${axis}` : dim));
  return { name, type: metadata.type, shape };
}

/** Wraps tensors for onnxruntime. Elements that share their buffer with others are copied. */
export function toFeeds(tensors: NamedTensors): Feeds {
  const feeds: Feeds = {};
  for (const [name, tensor] of Object.entries(tensors)) feeds[name] = toOrtTensor(tensor);
  return feeds;
}

function toOrtTensor({ type, dims, data }: DenseTensor): Tensor {
  // The constructor's overloads tie each type name to its array; a DenseTensor promises that pairing.
  // onnxruntime-node itself refuses the types it cannot take (bfloat16, 8-bit floats).
  return new Tensor(type as 'uint8', ownBuffer(data) as Uint8Array, dims);
}

function ownBuffer(data: TensorElements): TensorElements {
  return ArrayBuffer.isView(data) && data.byteLength === data.buffer.byteLength ? data : data.slice();
}

/** Copies onnxruntime's tensors out. */
export function fromOutputs(outputs: Record<string, Tensor>): NamedTensors {
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrtTensor(tensor)]));
}

/** Types and axis lengths of onnxruntime's tensors; the elements are not touched. */
export function shapesOfOutputs(outputs: Record<string, Tensor>): Readonly<Record<string, TensorShape>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { type, dims }]) => [name, { type, dims: [...dims] }]));
}

/** One of onnxruntime's tensors as ours: the elements are the same, not a copy. */
export function fromOrtTensor(tensor: Tensor): DenseTensor {
  const { type, dims, data } = tensor;
  return { type, dims: [...dims], data: data as TensorElements };
}
