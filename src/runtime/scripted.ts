import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { BrowserFacts } from './browser/browser-facts.ts';
import type { Environment } from './environment.ts';
import type { GpuMonitor } from './gpu/gpu-monitor.ts';
import type { ModelRunner, RunnerOptions } from './model-runner.ts';
import type { NoiseCounters } from './noise-counters.ts';
import type { Pinning, ThreadAffinity } from './pinning.ts';
import type { ProviderName, ProviderStatus } from './provider.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';
import type { NodePlacement, NodeProfile } from './runtime.ts';
import type { Runtime, Session, SessionOptions } from './runtime.ts';
import type { ScriptedGeneration } from './scripted-generation.ts';
import { scriptedRunner } from './scripted-runner.ts';
import { ScriptedServer } from './scripted-server.ts';
import { defaultLoadMs, ScriptedSession } from './scripted-session.ts';
import type { LoadedServer, ServerOptions } from './serve/loaded-server.ts';

/** Which run is asked for: the script decides how long it takes and what it returns. */
export interface ScriptedRun {
  readonly options: SessionOptions;
  /** Sessions opened before this one, in the whole run. */
  readonly opened: number;
  /** Runs made before this one in the session. */
  readonly run: number;
  readonly feeds: NamedTensors;
}

export interface ScriptedProfile extends ProfileRunsRequest {
  /** Sessions opened before this one, in the whole run. */
  readonly opened: number;
  readonly feeds: NamedTensors;
}

export interface Script {
  readonly signature: (options: SessionOptions) => ModelSignature;
  /** 1 unless given: no model loads in no time. */
  readonly loadMs?: number;
  /** Service time of a run. Throw to make the session fail. */
  readonly runMs: (run: ScriptedRun) => number;
  readonly outputs?: (run: ScriptedRun) => NamedTensors;
  /** Counters as they stand at a time of the scripted clock. */
  readonly noise?: (atMs: number) => Partial<NoiseCounters>;
  readonly placement?: readonly NodePlacement[];
  /** Null unless given. */
  readonly arenaPeakBytes?: (options: SessionOptions) => number | null;
  readonly profile?: (options: SessionOptions) => readonly NodeProfile[];
  /** No kernels unless given. Its runs move the clock. */
  readonly profileRuns?: (options: SessionOptions, request: ScriptedProfile) => RunProfile;
  /** A GPU that is watched; it is stopped by the end of the run. There is no nvidia-smi unless given. */
  readonly gpu?: (device: number) => Pick<GpuMonitor, 'idle' | 'window' | 'problem'>;
  /** Of sessions that are asked to write text: without it they cannot. */
  readonly generation?: ScriptedGeneration;
  /** Of sessions on a provider in a browser. */
  readonly browser?: BrowserFacts;
  /** How late a request of a schedule is issued: never unless given. */
  readonly issueDelayMs?: (request: number, arrivalMs: number) => number;
  /** Not to be pinned unless given. */
  readonly pinning?: Pinning;
  /** One thread on each of the processors asked for, unless given. */
  readonly affinity?: (options: SessionOptions) => readonly ThreadAffinity[] | null;
  readonly unusable?: Partial<Record<ProviderName, { reason: string; cure: string }>>;
  readonly environment: Environment;
}

const absent = { kind: 'absent' } as const;

/** A runtime with a clock of its own that only runs move: tests get exact numbers, and no second passes. */
export class ScriptedRuntime implements Runtime {
  readonly script: Script;
  /** Options of every session opened, in order. */
  readonly opened: SessionOptions[] = [];
  openSessions = 0;
  openMonitors = 0;
  clockMs = 0;

  constructor(script: Script) {
    this.script = script;
  }

  nowMs(): number {
    return this.clockMs;
  }

  async open(options: SessionOptions, signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    this.clockMs += this.script.loadMs ?? defaultLoadMs;
    this.opened.push(options);
    const session = new ScriptedSession(this, options);
    this.openSessions += 1;
    return session;
  }

  async openServer(options: ServerOptions, signal?: AbortSignal): Promise<LoadedServer> {
    signal?.throwIfAborted();
    const opened = this.opened.length;
    const loadMs = this.script.loadMs ?? defaultLoadMs;
    this.clockMs += loadMs;
    this.opened.push(options);
    this.openSessions += 1;
    let run = 0;
    return new ScriptedServer(options, {
      loadMs,
      serviceMs: (feeds) => this.script.runMs({ options, opened, run: run++, feeds }),
      issueDelayMs: this.script.issueDelayMs,
      advance: (ms) => void (this.clockMs += ms),
      onClose: () => void (this.openSessions -= 1),
      signal,
    });
  }

  openRunner(options: RunnerOptions, signal?: AbortSignal): Promise<ModelRunner> {
    return Promise.resolve(scriptedRunner((session) => this.open(session, signal), options));
  }

  probeProvider(name: ProviderName): Promise<ProviderStatus> {
    const why = this.script.unusable?.[name];
    return Promise.resolve(
      why === undefined ? { name, usable: true, version: null, device: null } : { name, usable: false, ...why },
    );
  }

  environment(): Promise<Environment> {
    return Promise.resolve(this.script.environment);
  }

  noiseCounters(): NoiseCounters {
    const quiet = { stalledMs: null, stealMs: null, cpuTotalMs: null, throttledPeriods: null, frequencyMhz: null };
    return { ...quiet, ...this.script.noise?.(this.clockMs), atMs: this.clockMs };
  }

  pinning(): Promise<Pinning> {
    return Promise.resolve(this.script.pinning ?? { possible: false, problem: 'system' });
  }

  monitorGpu(device: number): Promise<GpuMonitor> {
    this.openMonitors += 1;
    let isOpen = true;
    const stop = () => {
      if (isOpen) this.openMonitors -= 1;
      isOpen = false;
      return Promise.resolve();
    };
    const seen = this.script.gpu?.(device) ?? { idle: null, window: () => null, problem: () => absent };
    return Promise.resolve({ ...seen, stop });
  }
}
