import type { DenseTensor, NamedTensors, TensorElements } from '../../../onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../../../onnx/signature.ts';
import type { DataType } from '../../../onnx/data-type.ts';
import type { PageModel } from '../page-protocol.ts';
import type { GpuDevice } from './page-globals.ts';

export interface WebTensor {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: unknown;
}

export type WebFeeds = Readonly<Record<string, WebTensor>>;

interface WebMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type: DataType;
  readonly shape: readonly (number | string)[];
}

export interface WebSession {
  readonly inputMetadata: readonly WebMetadata[];
  readonly outputMetadata: readonly WebMetadata[];
  run(feeds: WebFeeds, outputs?: readonly string[]): Promise<WebFeeds>;
  release(): Promise<void>;
}

/** What is used of onnxruntime-web, whose package need not be there for this to compile. */
export interface WebRuntime {
  readonly env: {
    logLevel: string;
    readonly versions: { readonly web?: string };
    readonly wasm: { numThreads: number; wasmPaths: string };
    readonly webgpu: { readonly device?: GpuDevice | Promise<GpuDevice> };
  };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<WebSession> };
  readonly Tensor: new (type: DataType, data: unknown, dims: readonly number[]) => WebTensor;
}

/** The build with the provider and no other: what a site that uses it would load. */
const bundles = { 'browser-webgpu': 'ort.webgpu.min.mjs', 'browser-wasm': 'ort.wasm.min.mjs' } as const;

/** Loads the runtime itself, once a page. Threads are settled with it. */
export async function loadWebRuntime({ provider, threads }: PageModel, folder: string): Promise<WebRuntime> {
  const runtime: WebRuntime = await import(`${folder}${bundles[provider]}`);
  runtime.env.logLevel = 'fatal';
  runtime.env.wasm.wasmPaths = folder;
  runtime.env.wasm.numThreads = threads;
  return runtime;
}

export interface WebSessionOptions extends PageModel {
  /** Logs where nodes run, and much more. */
  readonly isVerbose?: boolean;
}

/** Fetches and loads a model. `loadMs` is without the fetching, which a site does over a network of its own. */
export async function openWebSession(
  runtime: WebRuntime,
  model: WebSessionOptions,
): Promise<{ readonly session: WebSession; readonly loadMs: number }> {
  const bytes = await fetchBytes(model.url);
  const externalData: { readonly path: string; readonly data: Uint8Array }[] = [];
  for (const { location, url } of model.external) externalData.push({ path: location, data: await fetchBytes(url) });
  const startMs = performance.now();
  const session = await runtime.InferenceSession.create(bytes, { ...settingsOf(model), externalData });
  return { session, loadMs: performance.now() - startMs };
}

function settingsOf({ provider, optimization, strictProvider, config, isVerbose = false }: WebSessionOptions): object {
  const strict = strictProvider && provider === 'browser-webgpu';
  return {
    executionProviders: [provider === 'browser-webgpu' ? 'webgpu' : 'wasm'],
    graphOptimizationLevel: optimization,
    logSeverityLevel: isVerbose ? 0 : 4,
    extra: { ...config, ...(strict && { 'session.disable_cpu_ep_fallback': '1' }) },
  };
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`a file of the model could not be read (HTTP ${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

export function signatureOf(session: WebSession): ModelSignature {
  return { inputs: session.inputMetadata.map(valueOf), outputs: session.outputMetadata.map(valueOf) };
}

/** A dimension without a name comes as an empty text or as -1. */
function isUnnamed(dim: number | string): boolean {
  return dim === '' || (typeof dim === 'number' && dim < 0);
}

function valueOf({ name, isTensor, type, shape }: WebMetadata): ValueSignature {
  if (!isTensor) throw new Error(`'${name}' is not a tensor: sequences, maps and optionals cannot be fed`);
  return { name, type, shape: shape.map((dim, axis) => (isUnnamed(dim) ? `${name}#${axis}` : dim)) };
}

export function toWebFeeds(runtime: WebRuntime, tensors: NamedTensors): WebFeeds {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, data, dims }]) => [name, new runtime.Tensor(type, data, dims)]),
  );
}

export function fromWebOutputs(outputs: WebFeeds): NamedTensors {
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromWebTensor(tensor)]));
}

function fromWebTensor({ type, dims, data }: WebTensor): DenseTensor {
  // float16 may be a Float16Array, which carries the same bits.
  const bits =
    type === 'float16' && ArrayBuffer.isView(data)
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : data;
  // onnxruntime promises the array of its type.
  return { type, dims: [...dims], data: bits as TensorElements };
}
