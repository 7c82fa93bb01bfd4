import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { BrowserFacts } from './browser/browser-facts.ts';
import type { Environment } from './environment.ts';
import type { GpuMonitor } from './gpu/gpu-monitor.ts';
import type { ModelRunner, RunnerOptions } from './model-runner.ts';
import type { NoiseCounters } from './noise-counters.ts';
import type { Pinning, ThreadAffinity } from './pinning.ts';
import { inBrowser } from './provider.ts';
import type { ProviderName, ProviderStatus } from './provider.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';
import type { Measurement, MeasureRule, NodePlacement, NodeProfile } from './runtime.ts';
import type { Runtime, Session, SessionOptions } from './runtime.ts';
import { scriptedRunner } from './scripted-runner.ts';

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
  /** Of sessions on a provider in a browser. */
  readonly browser?: BrowserFacts;
  /** Not to be pinned unless given. */
  readonly pinning?: Pinning;
  /** One thread on each of the processors asked for, unless given. */
  readonly affinity?: (options: SessionOptions) => readonly ThreadAffinity[] | null;
  readonly unusable?: Partial<Record<ProviderName, { reason: string; cure: string }>>;
  readonly environment: Environment;
}

const defaultLoadMs = 1;
const absent = { kind: 'absent' } as const;
const emptyProfile: RunProfile = { kernels: [], runsUs: [], eventsPerRun: 0, isCutOff: false, typical: null };

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

class ScriptedSession implements Session {
  readonly pid = 0;
  readonly signature: ModelSignature;
  readonly loadMs: number;
  readonly browser?: BrowserFacts;
  readonly #runtime: ScriptedRuntime;
  readonly #options: SessionOptions;
  readonly #opened: number;
  #pool: readonly NamedTensors[] = [];
  #run = 0;

  constructor(runtime: ScriptedRuntime, options: SessionOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#opened = runtime.opened.length - 1;
    this.signature = runtime.script.signature(options);
    this.loadMs = runtime.script.loadMs ?? defaultLoadMs;
    const { browser } = runtime.script;
    if (browser !== undefined && inBrowser(options.provider)) this.browser = browser;
  }

  async run(feeds: NamedTensors) {
    const report = this.#take(feeds);
    this.#runtime.clockMs += report.elapsedMs;
    return report;
  }

  setInputs(pool: readonly NamedTensors[]): Promise<void> {
    this.#pool = pool;
    return Promise.resolve();
  }

  async warmUp({ minRuns }: { minRuns: number }) {
    let elapsedMs = 0;
    for (let run = 0; run < minRuns; run++) elapsedMs += (await this.run(this.#pool[0] ?? {})).elapsedMs;
    return { runs: minRuns, elapsedMs, settled: true };
  }

  async measure(rule: MeasureRule): Promise<Measurement> {
    const startsMs: number[] = [];
    const endsMs: number[] = [];
    // Instances run side by side: each keeps its own time from the barrier, and the clock ends at the latest.
    let nowMs = rule.startAtMs;
    while (endsMs.length < rule.minRuns || nowMs - rule.startAtMs < rule.minMs) {
      if (nowMs - rule.startAtMs >= rule.maxMs && endsMs.length >= rule.floorRuns) break;
      startsMs.push(nowMs);
      nowMs += this.#take(this.#pool[endsMs.length % this.#pool.length] ?? {}).elapsedMs;
      endsMs.push(nowMs);
    }
    this.#runtime.clockMs = Math.max(this.#runtime.clockMs, nowMs);
    return {
      startsMs: Float64Array.from(startsMs),
      endsMs: Float64Array.from(endsMs),
      cpuMs: nowMs - rule.startAtMs,
      involuntarySwitches: 0,
    };
  }

  peakRssBytes(): Promise<number | null> {
    return Promise.resolve(1024);
  }

  placement(): Promise<readonly NodePlacement[]> {
    return Promise.resolve(this.#runtime.script.placement ?? []);
  }

  arenaPeakBytes(): Promise<number | null> {
    return Promise.resolve(this.#runtime.script.arenaPeakBytes?.(this.#options) ?? null);
  }

  profile(): Promise<readonly NodeProfile[]> {
    return Promise.resolve(this.#runtime.script.profile?.(this.#options) ?? []);
  }

  profileRuns(feeds: NamedTensors, request: ProfileRunsRequest): Promise<RunProfile> {
    const asked = { ...request, feeds, opened: this.#opened };
    const profile = this.#runtime.script.profileRuns?.(this.#options, asked) ?? emptyProfile;
    this.#runtime.clockMs += profile.runsUs.reduce((total, us) => total + us / 1000, 0);
    return Promise.resolve(profile);
  }

  affinity(): Promise<readonly ThreadAffinity[] | null> {
    const { script } = this.#runtime;
    const asAsked = (this.#options.processors ?? []).map((processor) => ({ processors: [processor], threads: 1 }));
    return Promise.resolve(script.affinity === undefined ? asAsked : script.affinity(this.#options));
  }

  close(): Promise<void> {
    this.#runtime.openSessions -= 1;
    return Promise.resolve();
  }

  #take(feeds: NamedTensors) {
    const run: ScriptedRun = { options: this.#options, opened: this.#opened, run: this.#run, feeds };
    this.#run += 1;
    const { script } = this.#runtime;
    return { outputs: script.outputs?.(run) ?? {}, elapsedMs: script.runMs(run) };
  }
}
