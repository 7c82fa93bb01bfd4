import type { LoadTask, LoadWatch, PointLoad } from '../../../src/bench/load/load-point.ts';
import { loadPoint } from '../../../src/bench/load/load-point.ts';
import type { LoadRun } from '../../../src/bench/load/load-result.ts';
import type { LoadSettings } from '../../../src/bench/load/load-settings.ts';
import type { Script } from '../../../src/runtime/scripted.ts';
import { scripted } from '../scripted-bench.ts';

export const settings: LoadSettings = {
  rates: [],
  arrivals: { kind: 'poisson' },
  arrivalsName: 'poisson',
  objective: null,
  durationMs: 10_000,
  findMax: false,
};

interface Sketch {
  readonly settings?: Partial<LoadSettings>;
  readonly task?: Partial<LoadTask>;
  readonly watch?: Partial<LoadWatch>;
  readonly instances?: number;
  readonly signal?: AbortSignal;
}

/** Loads a server whose every run takes 1 ms, unless the script says otherwise, in no time. */
export async function loadByScript(sketch: Sketch, script: Partial<Script> = {}): Promise<PointLoad> {
  const runtime = scripted(script);
  const server = await runtime.openServer(
    {
      modelPath: 'a.onnx',
      provider: 'cpu',
      threads: 1,
      optimization: 'all',
      strictProvider: false,
      timeoutMs: 1000,
      instances: sketch.instances ?? 1,
    },
    sketch.signal,
  );
  const task: LoadTask = {
    settings: { ...settings, ...sketch.settings },
    seed: 0,
    closedPerSecond: 1000,
    serviceMs: 1,
    occupancy: 0.5,
    usableCores: 2,
    warmUp: { minRuns: 1, minMs: 0, maxMs: 1, tolerance: 0.02 },
    isHopeless: false,
    ...sketch.task,
  };
  const watch: LoadWatch = {
    noiseCounters: () => runtime.noiseCounters(),
    onStep: () => undefined,
    onProgress: () => undefined,
    isStopped: () => sketch.signal?.aborted === true,
    ...sketch.watch,
  };
  return loadPoint(server, task, watch);
}

/** The one run at a rate, in requests a second. */
export async function loadAt(perSecond: number, sketch: Sketch, script: Partial<Script> = {}): Promise<LoadRun> {
  const rates = [{ kind: 'rate', perSecond }] as const;
  const { loads } = await loadByScript({ ...sketch, settings: { ...sketch.settings, rates } }, script);
  const [run] = loads;
  if (run === undefined) throw new Error('nothing ran');
  return run;
}
