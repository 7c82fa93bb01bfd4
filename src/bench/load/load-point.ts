import type { NoiseCounters } from '../../runtime/noise-counters.ts';
import type { WarmUpRule } from '../../runtime/runtime.ts';
import type { LoadedServer } from '../../runtime/serve/loaded-server.ts';
import { minimumSamples } from '../../stats/minimum-samples.ts';
import { blockNoise } from '../block-noise.ts';
import { findMaxRate } from './find-max.ts';
import type { RateProbe } from './find-max.ts';
import type { LoadRun, MaxRate } from './load-result.ts';
import { askedText } from './load-settings.ts';
import type { AskedRate, LoadSettings } from './load-settings.ts';
import { durationMs, perSecondOf, scheduleAt, scheduleOf } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { summarizeLoad } from './summarize-load.ts';

/** A point as it behaves in a closed loop, and what to find out about it under load. */
export interface LoadTask {
  readonly settings: LoadSettings;
  readonly seed: number;
  readonly closedPerSecond: number;
  readonly serviceMs: number;
  /** Its share of the usable cores: threads of all instances over them. */
  readonly occupancy: number;
  readonly usableCores: number;
  readonly warmUp: WarmUpRule;
  /** The service alone, with nobody waiting, surely misses the objective: no rate can meet it. */
  readonly isHopeless: boolean;
}

export interface PointLoad {
  readonly loads: readonly LoadRun[];
  readonly maxRate?: MaxRate;
}

/** What is about to run. */
export interface LoadStep {
  readonly kind: 'rate' | 'probe';
  /** Null where everything is offered at once. */
  readonly perSecond: number | null;
  readonly lengthMs: number;
  readonly done: number;
  readonly of: number;
  /** Of a search, so far. */
  readonly bracket: MaxRate['perSecond'] | null;
}

export interface LoadWatch {
  readonly noiseCounters: () => NoiseCounters;
  readonly onStep: (step: LoadStep) => void;
  /** What is known so far, after each run. */
  readonly onProgress: (soFar: PointLoad) => void;
  readonly isStopped: () => boolean;
}

/** Requests of a server that cannot keep up are waited for in so many parts of the run's length. */
const drainShare = 1 / 4;
const leastDrainMs = 1000;
/** Runs that a percentile's verdict needs may have one request over the limit. */
const oversAllowed = 1;

/** Runs every rate that was asked for, and the search. Stopped, it returns what it found; throws what the server throws. */
export async function loadPoint(server: LoadedServer, task: LoadTask, watch: LoadWatch): Promise<PointLoad> {
  const loader = new PointLoader(server, task, watch);
  await loader.runRates();
  await loader.search();
  return loader.found;
}

class PointLoader {
  found: PointLoad = { loads: [] };
  readonly #server: LoadedServer;
  readonly #task: LoadTask;
  readonly #watch: LoadWatch;

  constructor(server: LoadedServer, task: LoadTask, watch: LoadWatch) {
    this.#server = server;
    this.#task = task;
    this.#watch = watch;
  }

  async runRates(): Promise<void> {
    const { rates } = this.#task.settings;
    for (const [done, rate] of rates.entries()) {
      const schedule = scheduleOf(rate, this.#task.settings, this.#task);
      this.#announce(rate, schedule, done);
      const run = await this.#run(schedule, rate);
      if (run === null) return;
      this.#set({ ...this.found, loads: [...this.found.loads, run] });
    }
  }

  async search(): Promise<void> {
    const { settings, closedPerSecond, isHopeless } = this.#task;
    const { findMax, objective } = settings;
    if (!findMax || objective === null || this.#watch.isStopped()) return;
    if (isHopeless) {
      const nothing = { value: null, low: null, high: null };
      return this.#set({ ...this.found, maxRate: { objective, status: 'none', perSecond: nothing, probes: [] } });
    }
    const maxRate = await findMaxRate({
      objective,
      startPerSecond: closedPerSecond / 2,
      probe: (probe) => this.#probe(probe),
      onProbe: (soFar) => this.#set({ ...this.found, maxRate: soFar }),
    });
    this.#set({ ...this.found, maxRate });
  }

  #set(found: PointLoad): void {
    this.found = found;
    this.#watch.onProgress(found);
  }

  #announce(rate: AskedRate, { offeredPerSecond }: Schedule, done: number): void {
    const { settings, closedPerSecond } = this.#task;
    const lengthMs = durationMs(settings, perSecondOf(rate, settings, closedPerSecond));
    const of = settings.rates.length;
    this.#watch.onStep({ kind: 'rate', perSecond: offeredPerSecond, lengthMs, done, of, bracket: null });
  }

  #probe({ perSecond, seed, length }: RateProbe): Promise<LoadRun | null> {
    const { settings, seed: first } = this.#task;
    const percentile = (settings.objective?.percentile ?? 99) / 100;
    const usual = Math.round((perSecond * durationMs(settings, perSecond)) / 1000);
    const requests = length * Math.max(usual, minimumSamples(percentile, oversAllowed));
    const { maxRate } = this.found;
    this.#watch.onStep({
      kind: 'probe',
      perSecond,
      lengthMs: (requests / perSecond) * 1000,
      done: maxRate?.probes.length ?? 0,
      of: 0,
      bracket: maxRate?.perSecond ?? null,
    });
    return this.#run(scheduleAt(settings.arrivals, { perSecond, requests, seed: first + seed }), {
      kind: 'rate',
      perSecond,
    });
  }

  /** Null when it was stopped. */
  async #run(schedule: Schedule, rate: AskedRate): Promise<LoadRun | null> {
    const { warmUp, settings, occupancy } = this.#task;
    const { objective, arrivalsName: arrivals } = settings;
    try {
      await this.#server.warmUp(warmUp);
      const before = this.#watch.noiseCounters();
      const served = await this.#server.serve({
        arrivalsMs: schedule.arrivalsMs,
        drainMs: this.#drainMs(schedule),
        maySpin: this.#hasFreeCore(),
      });
      const latencyMs: readonly number[] = [];
      const noise = { before, after: this.#watch.noiseCounters(), latencyMs, involuntarySwitches: null };
      const { dirty } = blockNoise({ ...noise, occupancy, earlierSwitchesPerSecond: [] });
      return summarizeLoad(schedule, served, { asked: askedText(rate), arrivals, objective, disturbed: dirty });
    } catch (error) {
      if (this.#watch.isStopped()) return null;
      throw error;
    }
  }

  #drainMs({ arrivalsMs, offeredPerSecond }: Schedule): number {
    const { settings, serviceMs, closedPerSecond } = this.#task;
    // What came at once takes as long as it takes: twice what the closed loop would need is waited for.
    const atOnceMs = offeredPerSecond === null ? (2 * 1000 * arrivalsMs.length) / closedPerSecond : 0;
    const spanMs = (arrivalsMs.at(-1) ?? 0) * drainShare;
    return Math.max(leastDrainMs, spanMs, 20 * serviceMs, 2 * (settings.objective?.limitMs ?? 0), atOnceMs);
  }

  #hasFreeCore(): boolean {
    const { occupancy, usableCores } = this.#task;
    return usableCores * (1 - occupancy) >= 1;
  }
}
