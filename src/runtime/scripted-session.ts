import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { BrowserFacts } from './browser/browser-facts.ts';
import type { ThreadAffinity } from './pinning.ts';
import { inBrowser } from './provider.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';
import type { Measurement, MeasureRule, NodePlacement, NodeProfile, Session, SessionOptions } from './runtime.ts';
import type { ScriptedRun, ScriptedRuntime } from './scripted.ts';
import { ScriptedWriter } from './scripted-generation.ts';

export const defaultLoadMs = 1;
const emptyProfile: RunProfile = { kernels: [], runsUs: [], eventsPerRun: 0, isCutOff: false, typical: null };

/** A session whose runs take what the script says, on the clock of its runtime. */
export class ScriptedSession implements Session {
  readonly pid = 0;
  readonly signature: ModelSignature;
  readonly loadMs: number;
  readonly browser?: BrowserFacts;
  readonly generation?: ScriptedWriter;
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
    const { browser, generation } = runtime.script;
    const where = { options, opened: this.#opened };
    if (generation !== undefined)
      this.generation = new ScriptedWriter(generation, where, (ms) => (runtime.clockMs += ms));
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
    for (let run = 0; run < minRuns; run++) elapsedMs += this.#serviceMs(0);
    this.#runtime.clockMs += elapsedMs;
    this.generation?.takeTimes();
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
      nowMs += this.#serviceMs(endsMs.length);
      endsMs.push(nowMs);
    }
    this.#runtime.clockMs = Math.max(this.#runtime.clockMs, nowMs);
    return {
      startsMs: Float64Array.from(startsMs),
      endsMs: Float64Array.from(endsMs),
      cpuMs: nowMs - rule.startAtMs,
      involuntarySwitches: 0,
      ...(this.generation?.hasRequests === true && { tokens: this.generation.takeTimes() }),
    };
  }

  /** Of the next run, or of the next request. */
  #serviceMs(runs: number): number {
    if (this.generation?.hasRequests === true) return this.generation.takeMs(runs);
    return this.#take(this.#pool[runs % this.#pool.length] ?? {}).elapsedMs;
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
