import type { GpuMonitor, GpuMonitorProblem, GpuWindow } from '../../src/runtime/gpu/gpu-monitor.ts';

/** A GPU at rest for a second. */
export const atRest: GpuWindow = {
  samples: 10,
  utilization: 0,
  memoryUtilization: 0,
  memoryUsedBytes: 4 * 2 ** 20,
  powerW: 50,
  energyJ: 50,
  powerIsInstant: true,
  smClockMhz: 210,
  smClockMaxMhz: 1410,
  temperatureC: 34,
  throttled: [],
  isMig: false,
};

/** One that draws 250 W from 50 W on while anything is measured, with a sample each 10 ms. */
function busyFor(fromMs: number, toMs: number): GpuWindow {
  const samples = Math.floor((toMs - fromMs) / 10);
  const energyJ = (250 * (toMs - fromMs)) / 1000;
  return { ...atRest, samples, utilization: 0.8, powerW: 250, energyJ, smClockMhz: 1400, temperatureC: 61 };
}

/** A monitor that sees what it is told. */
export function watchedGpu(
  change: Partial<GpuWindow> = {},
  {
    problem = null,
    idle = atRest,
  }: { readonly problem?: GpuMonitorProblem | null; readonly idle?: GpuWindow | null } = {},
): GpuMonitor {
  return {
    idle,
    window: (fromMs, toMs) => ({ ...busyFor(fromMs, toMs), ...change }),
    problem: () => problem,
    stop: () => Promise.resolve(),
  };
}
