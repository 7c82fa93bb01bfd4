import type { GpuMonitor, GpuMonitorProblem, GpuWindow } from './gpu-monitor.ts';
import type { GpuSample } from './gpu-sample.ts';
import { gpuWindow } from './gpu-window.ts';
import { startSmi } from './smi-process.ts';
import type { SmiOptions, SmiProcess } from './smi-process.ts';
import { fullQuery, withoutRefused } from './smi-query.ts';
import type { SmiQuery } from './smi-query.ts';
import { visibleDevice } from './visible-device.ts';
import type { AskSmi } from './visible-device.ts';

export interface MonitorOptions extends Omit<SmiOptions, 'device'> {
  /** As CUDA counts it. */
  readonly device: number;
  /** Samples of the GPU at rest before anything is measured. */
  readonly idleSamples: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For questions beside the stream. */
  readonly ask: AskSmi;
}

/** Half an hour of samples at 100 ms: longer than any block. */
const mostSamples = 18_000;

/**
 * Starts to watch a GPU and waits until it has been seen at rest, or cannot be. Never rejects: a GPU that is not
 * watched has a problem.
 */
export async function monitorGpu(options: MonitorOptions): Promise<GpuMonitor> {
  const device = await visibleDevice(options.device, options.env, options.ask);
  if (device === null) return unwatched({ kind: 'hidden' });
  const monitor = new SmiMonitor({ ...options, device }, options.idleSamples);
  await monitor.start(fullQuery);
  return monitor;
}

/** A monitor that sees nothing. */
function unwatched(problem: GpuMonitorProblem): GpuMonitor {
  return { idle: null, window: () => null, problem: () => problem, stop: () => Promise.resolve() };
}

class SmiMonitor implements GpuMonitor {
  idle: GpuWindow | null = null;
  readonly #options: SmiOptions;
  readonly #idleSamples: number;
  #samples: GpuSample[] = [];
  #problem: GpuMonitorProblem | null = null;
  #process: SmiProcess | null = null;
  #onSettled: () => void = () => undefined;

  constructor(options: SmiOptions, idleSamples: number) {
    this.#options = options;
    this.#idleSamples = idleSamples;
  }

  /** Asks for what this driver can tell: it names one unknown field at a time. */
  async start(query: SmiQuery): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#onSettled = resolve;
    });
    this.#process = await startSmi(query, this.#options, {
      onSample: (sample) => this.#add(sample),
      onEnd: (problem) => {
        this.#problem = problem;
        this.#onSettled();
      },
    });
    await settled;
    const rest = this.#problem?.kind === 'ended' ? withoutRefused(query, this.#problem.said) : null;
    if (rest === null) return;
    await this.#process.stop();
    this.#problem = null;
    await this.start(rest);
  }

  window(fromMs: number, toMs: number): GpuWindow | null {
    return gpuWindow(this.#samples, fromMs, toMs);
  }

  problem(): GpuMonitorProblem | null {
    return this.#problem;
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  #add(sample: GpuSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > mostSamples) this.#samples = this.#samples.slice(-mostSamples / 2);
    if (this.idle !== null || this.#samples.length < this.#idleSamples) return;
    this.idle = gpuWindow(this.#samples, this.#samples[0]?.atMs ?? sample.atMs, sample.atMs);
    this.#onSettled();
  }
}
