import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type {
  LoadedModel,
  LoadOptions,
  ModelRunner,
  ModelSource,
  RunnerOptions,
  StepOutputs,
  TensorShape,
} from './model-runner.ts';
import type { ProviderName } from './provider.ts';
import { SharedWorker } from './shared-worker.ts';
import type { WorkerSubject } from './shared-worker.ts';
import { WorkerProcess } from './worker-process.ts';

export interface ProcessRunnerOptions extends RunnerOptions {
  /** Compiled entry of the worker process. */
  readonly entry: string;
  readonly signal?: AbortSignal | undefined;
}

/** What runs thousands of batches makes little that lives long: a small nursery keeps the process as large as it began. */
const nodeFlags = ['--max-semi-space-size=1'];

/** A model whose bytes were handed over and that nobody named. */
const unnamedModel = 'the model';

/** Models in one process of their own, which a load starts and a failure of the process ends. */
export class ProcessRunner implements ModelRunner {
  readonly #options: ProcessRunnerOptions;
  #worker: SharedWorker | null = null;

  constructor(options: ProcessRunnerOptions) {
    this.#options = options;
  }

  async load(source: ModelSource, options: LoadOptions = {}): Promise<LoadedModel> {
    const { optimization = 'disabled', name, ...others } = options;
    const { threads, provider = 'cpu', strictProvider = false, signal } = this.#options;
    signal?.throwIfAborted();
    const model = name ?? ('path' in source ? source.path : unnamedModel);
    const worker = this.#living(model);
    const bytes = 'bytes' in source ? { bytes: source.bytes } : {};
    const modelPath = 'path' in source ? source.path : model;
    const argument = { modelPath, provider, threads, optimization, strictProvider, ...others, ...bytes };
    const { id, signature } = await worker.call('load', argument, { model, provider, stage: 'load' });
    return new ProcessModel({ worker, id, signature, model, provider });
  }

  async close(): Promise<void> {
    await this.#worker?.close();
    this.#worker = null;
  }

  #living(model: string): SharedWorker {
    if (this.#worker === null || this.#worker.isGone) {
      const { entry, timeoutMs, signal } = this.#options;
      this.#worker = new SharedWorker(new WorkerProcess({ entry, timeoutMs, signal, modelPath: model, nodeFlags }));
    }
    return this.#worker;
  }
}

interface ProcessModelOptions {
  readonly worker: SharedWorker;
  readonly id: number;
  readonly signature: ModelSignature;
  readonly model: string;
  readonly provider: ProviderName;
}

class ProcessModel implements LoadedModel {
  readonly signature: ModelSignature;
  readonly #worker: SharedWorker;
  readonly #id: number;
  readonly #subject: WorkerSubject;

  constructor({ worker, id, signature, model, provider }: ProcessModelOptions) {
    this.signature = signature;
    this.#worker = worker;
    this.#id = id;
    this.#subject = { model, provider, stage: 'run' };
  }

  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors> {
    return this.#worker.call('runLoaded', { id: this.#id, feeds, outputs: outputs ?? null }, this.#subject);
  }

  shapes(feeds: NamedTensors, outputs?: readonly string[]): Promise<Readonly<Record<string, TensorShape>>> {
    return this.#worker.call('shapesLoaded', { id: this.#id, feeds, outputs: outputs ?? null }, this.#subject);
  }

  async keep(tensors: NamedTensors): Promise<void> {
    await this.#worker.call('keep', { id: this.#id, tensors }, this.#subject);
  }

  kept(names: readonly string[]): Promise<NamedTensors> {
    return this.#worker.call('kept', { id: this.#id, names }, this.#subject);
  }

  advance(feeds: NamedTensors, step: StepOutputs): Promise<NamedTensors> {
    return this.#worker.call('advance', { id: this.#id, feeds, ...step }, this.#subject);
  }

  async release(): Promise<void> {
    // A process that is gone holds no model, and a second release finds none.
    await this.#worker.call('release', this.#id, this.#subject).catch(() => undefined);
  }
}
