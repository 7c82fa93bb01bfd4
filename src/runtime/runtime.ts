import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { BrowserFacts } from './browser/browser-facts.ts';
import type { Environment } from './environment.ts';
import type { GenerationSession, TokenTimes } from './generation/generation.ts';
import type { GpuMonitor } from './gpu/gpu-monitor.ts';
import type { ModelRunner, RunnerOptions } from './model-runner.ts';
import type { NoiseCounters } from './noise-counters.ts';
import type { Pinning, ThreadAffinity } from './pinning.ts';
import type { ProviderName, ProviderStatus } from './provider.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';
import type { LoadedServer, ServerOptions } from './serve/loaded-server.ts';

/** onnxruntime's graph optimization levels. */
export const optimizationLevels = ['disabled', 'basic', 'extended', 'layout', 'all'] as const;
export type OptimizationLevel = (typeof optimizationLevels)[number];

export interface SessionOptions {
  readonly modelPath: string;
  readonly provider: ProviderName;
  /** Intra-op threads: always explicit, for onnxruntime's own default is blind to container quotas. */
  readonly threads: number;
  readonly optimization: OptimizationLevel;
  /** Refuse the model when any node would fall back to the CPU provider. */
  readonly strictProvider: boolean;
  /** Longest silence of the process before it is killed. */
  readonly timeoutMs: number;
  /** Which GPU, as CUDA counts them; the first unless given. Only cuda and tensorrt have one. */
  readonly device?: number;
  /** Processors to hold the process to, one a thread; anywhere unless given. */
  readonly processors?: readonly number[];
  /** Path of the browser for the providers in one; found unless given. */
  readonly browser?: string;
}

export interface RunReport {
  readonly outputs: NamedTensors;
  readonly elapsedMs: number;
}

export interface WarmUpRule {
  readonly minRuns: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Settled when the medians of the last two windows differ by less than this share. */
  readonly tolerance: number;
}

export interface WarmUpReport {
  readonly runs: number;
  readonly elapsedMs: number;
  readonly settled: boolean;
}

export interface MeasureRule {
  /** Start barrier on the shared monotonic clock, see {@link Runtime.nowMs}. */
  readonly startAtMs: number;
  readonly minRuns: number;
  readonly minMs: number;
  /** Stops at this time whatever `minRuns` says, but not before `floorRuns`. */
  readonly maxMs: number;
  readonly floorRuns: number;
}

/** Raw times of one measured block in one process. Times are on the shared monotonic clock. */
export interface Measurement {
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
  /** Processor time (user and system) of the whole process while measuring. */
  readonly cpuMs: number;
  /** Null where it is not told. */
  readonly involuntarySwitches: number | null;
  /** Where runs were requests to write text. */
  readonly tokens?: TokenTimes;
}

export interface NodePlacement {
  readonly provider: string;
  readonly nodes: number;
}

/** A node of the graph as the runtime optimized it, and how long its kernel took. */
export interface NodeProfile {
  /** The optimized graph's name for it; `<op>_<index>` where it has none. */
  readonly name: string;
  /** Operator type, such as `QLinearConv`. */
  readonly op: string;
  readonly provider: string;
  /** Runs in which it ran: fewer than were made for a node of a branch. */
  readonly runs: number;
  /** Median over these runs of its kernel time in one, without that of nodes in its subgraphs. Whole microseconds. */
  readonly medianMs: number;
  /** Types and shapes of its outputs in the first run. */
  readonly outputs: readonly { readonly type: string; readonly dims: readonly number[] }[];
}

/** One model loaded in one process of its own. Calls are made one after another. */
export interface Session {
  readonly pid: number;
  readonly signature: ModelSignature;
  readonly loadMs: number;
  /** Of a session in a browser. */
  readonly browser?: BrowserFacts;
  /** Runs once and returns the outputs. */
  run(feeds: NamedTensors): Promise<RunReport>;
  /** Hands over the inputs that `warmUp` and `measure` cycle through. */
  setInputs(pool: readonly NamedTensors[]): Promise<void>;
  warmUp(rule: WarmUpRule): Promise<WarmUpReport>;
  measure(rule: MeasureRule): Promise<Measurement>;
  /** Peak resident memory of the process so far, or null where the system does not tell. */
  peakRssBytes(): Promise<number | null>;
  /** Nodes of the loaded graph by the provider that ran them, from a profiled run in a session of its own. */
  placement(feeds: NamedTensors): Promise<readonly NodePlacement[]>;
  /**
   * Most bytes of the runtime's arena in use in a run, from profiled runs in a session of its own; null where the
   * provider does not tell. The same however often it is asked.
   */
  arenaPeakBytes(feeds: NamedTensors): Promise<number | null>;
  /**
   * Times of the nodes of the loaded graph, at the session's optimization level, from so many profiled runs after two
   * to warm up, in a session of its own. Profiling distorts times: they tell shares, not latency.
   */
  profile(feeds: NamedTensors, runs: number): Promise<readonly NodeProfile[]>;
  /**
   * Times of the kernels of the loaded graph by run, at the session's optimization level, in a session of its own.
   * Profiling distorts times: they tell shares, not latency.
   */
  profileRuns(feeds: NamedTensors, request: ProfileRunsRequest): Promise<RunProfile>;
  /** Absent from a session that cannot write text. */
  readonly generation?: GenerationSession;
  /** Where the threads of its process may run; null where the system does not tell. Absent from a session that cannot be pinned. */
  affinity?(): Promise<readonly ThreadAffinity[] | null>;
  /** Ends the process. Never throws. */
  close(): Promise<void>;
}

/** The port to an inference runtime. Everything that touches the machine comes through here. */
export interface Runtime {
  /** Monotonic clock shared by this process and every session's. */
  nowMs(): number;
  open(options: SessionOptions, signal?: AbortSignal): Promise<Session>;
  /** Processes that answer requests, and another that issues them. Of no provider in a browser. */
  openServer(options: ServerOptions, signal?: AbortSignal): Promise<LoadedServer>;
  /** A process that runs several models for what they compute, not for how long it takes. */
  openRunner(options: RunnerOptions, signal?: AbortSignal): Promise<ModelRunner>;
  /**
   * Whether a provider really runs here, on a device or in the browser at a path: a tiny model is run on it and compared
   * with the CPU.
   */
  probeProvider(provider: ProviderName, device?: number, browser?: string): Promise<ProviderStatus>;
  environment(): Promise<Environment>;
  noiseCounters(): NoiseCounters;
  /** Whether sessions can be held to processors. Never rejects. */
  pinning(): Promise<Pinning>;
  /** Watches an NVIDIA GPU, as CUDA counts them. Never rejects: a GPU that cannot be watched has a problem. */
  monitorGpu(device: number): Promise<GpuMonitor>;
}
