import type { GpuMonitor } from '../runtime/gpu/gpu-monitor.ts';
import type { GpuBlock } from './bench-result.ts';

/** Providers that compute on an NVIDIA GPU. */
export function onNvidia(ep: string): boolean {
  return ep === 'cuda' || ep === 'tensorrt';
}

export interface MeasuredWindow {
  readonly from: number;
  readonly to: number;
  /** Of all instances. */
  readonly runs: number;
}

/**
 * What the GPU did while a block measured, and the energy of a run: the integral of the power less that of the idle GPU
 * over the same time. Null when it was not watched, or for too short a time.
 */
export function gpuBlock(monitor: GpuMonitor, { from, to, runs }: MeasuredWindow): GpuBlock | null {
  const seen = monitor.window(from, to);
  if (seen === null) return null;
  const { energyJ, throttled, ...figures } = seen;
  const idlePowerW = monitor.idle?.powerW ?? null;
  const beyondJ = energyJ === null || idlePowerW === null ? null : energyJ - (idlePowerW * (to - from)) / 1000;
  return {
    ...figures,
    idlePowerW,
    // Within the noise of the readings: nothing that could be told from idle.
    joulesPerRun: beyondJ === null || beyondJ <= 0 ? null : beyondJ / runs,
    throttled: throttled === null ? null : throttled.map((entry) => ({ ...entry })),
  };
}
