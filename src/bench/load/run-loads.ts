import { InferError } from '../../errors.ts';
import type { LoadedServer, ServerOptions } from '../../runtime/serve/loaded-server.ts';
import { quantileAbove } from '../../stats/quantile-limit.ts';
import { median } from '../../stats/quantile.ts';
import type { BenchOptions } from '../bench-options.ts';
import type { Round } from '../bench-result.ts';
import { shareProcessors } from '../pinned-block.ts';
import type { PointState } from '../point-state.ts';
import { isMeasuring } from '../point-state.ts';
import type { MeasuringPoint } from '../point-state.ts';
import { sessionOptions } from '../session-options.ts';
import type { SweepPoint } from '../sweep.ts';
import { loadPoint } from './load-point.ts';
import type { LoadStep, LoadTask, PointLoad } from './load-point.ts';
import type { Objective } from './load-result.ts';
import type { LoadSettings } from './load-settings.ts';

export interface LoadsTask {
  readonly states: readonly PointState[];
  readonly settings: LoadSettings;
  /** Before each run. */
  readonly onStep: (point: SweepPoint, step: LoadStep) => void;
  /** After each run, with the states so far. */
  readonly onProgress: (states: readonly PointState[]) => void;
}

/** Runs after which a server is warm again that was idle or busy with other requests. */
const warmUpRuns = 3;
const significance = 0.05;

/**
 * Puts every point that was measured in a closed loop under load, one after another, each in fresh processes. Never
 * throws for a point that failed. An aborted run keeps what was finished.
 */
export async function runLoads(task: LoadsTask, options: BenchOptions): Promise<readonly PointState[]> {
  let states = task.states;
  const set = (index: number, state: PointState) => {
    states = states.map((old, at) => (at === index ? state : old));
    task.onProgress(states);
  };
  for (const [index, state] of states.entries()) {
    if (options.signal?.aborted === true || !isMeasuring(state) || state.rounds.length === 0) continue;
    const onProgress = (load: PointLoad) => set(index, { ...state, load });
    const failure = await loadState(state, { task, options, onProgress });
    const now = states[index];
    if (failure !== null && now !== undefined && isMeasuring(now))
      set(index, { ...now, status: 'failed', reason: failure });
  }
  return states;
}

interface Loading {
  readonly task: LoadsTask;
  readonly options: BenchOptions;
  readonly onProgress: (load: PointLoad) => void;
}

/** Null unless it failed. */
async function loadState(state: MeasuringPoint, { task, options, onProgress }: Loading) {
  const { runtime, signal } = options;
  let server: LoadedServer | null = null;
  try {
    server = await runtime.openServer(serverOptions(state, options), signal);
    await server.setInputs(state.probe.inputs.pool);
    await loadPoint(server, loadTask(state, task.settings, options), {
      noiseCounters: () => runtime.noiseCounters(),
      onStep: (step) => task.onStep(state.point, step),
      onProgress,
      isStopped: () => signal?.aborted === true,
    });
    return null;
  } catch (error) {
    if (signal?.aborted === true) return null;
    if (!(error instanceof InferError)) throw error;
    return error.finding;
  } finally {
    await server?.close();
  }
}

function serverOptions({ point }: MeasuringPoint, options: BenchOptions): ServerOptions {
  const path = options.models[point.modelIndex]?.path ?? '';
  const shares = options.pinTo === undefined ? null : shareProcessors(point, options.pinTo);
  return {
    ...sessionOptions(options, { path, ep: point.ep, threads: point.threads }),
    instances: point.instances,
    ...(shares !== null && { processorsOf: shares }),
  };
}

function loadTask({ point, rounds }: MeasuringPoint, settings: LoadSettings, options: BenchOptions): LoadTask {
  const { protocol, usableCores } = options;
  return {
    settings,
    seed: protocol.seed,
    closedPerSecond: median(rounds.map(({ runs, windowMs }) => (runs / windowMs) * 1000)),
    serviceMs: median(rounds.map(({ latencyMs }) => median(latencyMs))),
    occupancy: (point.threads * point.instances) / usableCores,
    usableCores,
    warmUp: { minRuns: warmUpRuns, minMs: protocol.warmUpMs, maxMs: 10 * protocol.warmUpMs, tolerance: 0.02 },
    isHopeless: settings.objective !== null && serviceMisses(rounds, settings.objective),
  };
}

/** Whether runs that wait for nothing surely miss an objective. */
export function serviceMisses(rounds: readonly Round[], { percentile, limitMs }: Objective): boolean {
  const times = rounds.flatMap(({ latencyMs }) => latencyMs);
  const overs = times.filter((ms) => ms > limitMs).length;
  return quantileAbove({ overs, samples: times.length, quantile: percentile / 100 }) <= significance;
}
