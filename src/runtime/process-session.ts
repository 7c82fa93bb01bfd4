import type { Duplex } from 'node:stream';
import { InferError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import { classifyFailure } from './classify-failure.ts';
import { pinMainThread, readAffinity } from './pin-process.ts';
import type { ThreadAffinity } from './pinning.ts';
import type { GenerationSession } from './generation/generation.ts';
import type { ProviderName } from './provider.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';
import type { Measurement, MeasureRule, NodePlacement, NodeProfile, RunReport, Session } from './runtime.ts';
import type { SessionOptions, WarmUpReport, WarmUpRule } from './runtime.ts';
import { firstRequestFd } from './serve/request-fd.ts';
import type { QueueTurn } from './serve/request-queue.ts';
import type { ServedLog } from './serve/serve-requests.ts';
import { WorkerFailure, WorkerProcess } from './worker-process.ts';
import type { WorkerCall, WorkerCalls } from './worker-protocol.ts';

export interface OpenOptions extends SessionOptions {
  /** Compiled entry of the measuring process. */
  readonly entry: string;
  readonly signal?: AbortSignal | undefined;
  /** One to get requests over, for a session that serves. */
  readonly pipes?: readonly 'pipe'[];
}

/** A session in a process of its own: a crash, a hang or Ctrl-C costs that process and nothing else. */
export class ProcessSession implements Session {
  readonly signature: ModelSignature;
  readonly loadMs: number;
  readonly generation: GenerationSession = {
    generate: (model, request) => this.#call('generate', { model, request }),
    setRequests: async (model, requests) => {
      await this.#call('setRequests', { model, requests });
    },
  };
  readonly #process: WorkerProcess;
  readonly #options: OpenOptions;

  private constructor(process: WorkerProcess, options: OpenOptions, loaded: WorkerCalls['open']['result']) {
    this.#process = process;
    this.#options = options;
    this.signature = loaded.signature;
    this.loadMs = loaded.loadMs;
  }

  /** Starts the process and loads the model. Throws ModelError or RuntimeError; leaves no process behind. */
  static async open(options: OpenOptions): Promise<ProcessSession> {
    const process = new WorkerProcess(options);
    try {
      const loaded = await process.call('open', plainOptions(options));
      const [first] = options.processors ?? [];
      // Not before it is loaded: threads that it starts would be held to the same processor.
      if (first !== undefined) await pinMainThread(process.pid, first);
      return new ProcessSession(process, options, loaded);
    } catch (error) {
      await process.close();
      throw explain(error, options, 'load');
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  run(feeds: NamedTensors): Promise<RunReport> {
    return this.#call('run', feeds);
  }

  async setInputs(pool: readonly NamedTensors[]): Promise<void> {
    await this.#call('setInputs', pool);
  }

  warmUp(rule: WarmUpRule): Promise<WarmUpReport> {
    return this.#call('warmUp', rule);
  }

  measure(rule: MeasureRule): Promise<Measurement> {
    return this.#call('measure', rule);
  }

  /** Answers a schedule's requests, which come over its pipe. */
  serve(turn: QueueTurn): Promise<ServedLog> {
    return this.#call('serve', turn);
  }

  /** This process's end of the pipe that requests come over. */
  get requestPipe(): Duplex {
    return this.#process.pipe(firstRequestFd);
  }

  peakRssBytes(): Promise<number | null> {
    return this.#call('peakRssBytes', null);
  }

  placement(feeds: NamedTensors): Promise<readonly NodePlacement[]> {
    return this.#call('placement', { options: plainOptions(this.#options), feeds });
  }

  arenaPeakBytes(feeds: NamedTensors): Promise<number | null> {
    return this.#call('arenaPeak', { options: plainOptions(this.#options), feeds });
  }

  profile(feeds: NamedTensors, runs: number): Promise<readonly NodeProfile[]> {
    return this.#call('profile', { options: plainOptions(this.#options), feeds, runs });
  }

  profileRuns(feeds: NamedTensors, request: ProfileRunsRequest): Promise<RunProfile> {
    return this.#call('profileRuns', { options: plainOptions(this.#options), feeds, ...request });
  }

  affinity(): Promise<readonly ThreadAffinity[] | null> {
    return Promise.resolve(readAffinity(this.pid));
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #call<C extends WorkerCall>(call: C, argument: WorkerCalls[C]['argument']): Promise<WorkerCalls[C]['result']> {
    try {
      return await this.#process.call(call, argument);
    } catch (error) {
      throw explain(error, this.#options, 'run');
    }
  }
}

/** What the worker needs of the options: an AbortSignal cannot be sent. */
function plainOptions(options: OpenOptions): WorkerCalls['open']['argument'] {
  const { modelPath, provider, threads, optimization, strictProvider, device, processors } = options;
  const onDevice = device === undefined ? {} : { device };
  const onProcessors = processors === undefined ? {} : { processors };
  return { modelPath, provider, threads, optimization, strictProvider, ...onDevice, ...onProcessors };
}

function explain(error: unknown, options: SessionOptions, stage: 'load' | 'run'): unknown {
  if (error instanceof InferError || !(error instanceof WorkerFailure)) return error;
  return classifyFailure(error.message, { modelPath: options.modelPath, provider: options.provider, stage });
}

export interface TrialOptions {
  readonly entry: string;
  readonly timeoutMs: number;
}

export interface Trial extends TrialOptions {
  readonly provider: ProviderName;
  readonly bytes: Uint8Array;
  readonly feeds: NamedTensors;
  /** Which GPU, as CUDA counts them. */
  readonly device?: number;
}

export type TrialOutcome =
  | { readonly ok: true; readonly outputs: NamedTensors }
  /** `problem` is onnxruntime's text and what it wrote to stderr: the cause is often only there. */
  | { readonly ok: false; readonly problem: string };

/** Runs a model held in memory once, with no node left to the CPU, in a process of its own. Never rejects. */
export async function tryModel(trial: Trial): Promise<TrialOutcome> {
  const process = new WorkerProcess({ ...trial, modelPath: `the ${trial.provider} probe` });
  try {
    await process.call('open', {
      modelPath: '',
      bytes: trial.bytes,
      provider: trial.provider,
      threads: 1,
      optimization: 'all',
      strictProvider: trial.provider !== 'cpu',
      logErrors: true,
      ...(trial.device === undefined ? {} : { device: trial.device }),
    });
    return { ok: true, outputs: (await process.call('run', trial.feeds)).outputs };
  } catch (error) {
    return { ok: false, problem: `${error instanceof Error ? error.message : String(error)}\n${process.stderrTail}` };
  } finally {
    await process.close();
  }
}
