import type { NoiseLevel } from '../runtime/hardware/read-noise.ts';
import type { NoiseCounters } from '../runtime/noise-counters.ts';
import type { DoctorNoise } from './doctor-result.ts';

export interface NoiseReadings {
  /** Read before the probes, which load the machine themselves. */
  readonly level: NoiseLevel;
  readonly before: NoiseCounters;
  readonly after: NoiseCounters;
}

/** What happened between two readings of the counters, beside the level found at the start. */
export function doctorNoise({ level, before, after }: NoiseReadings): DoctorNoise {
  const stealMs = difference(before.stealMs, after.stealMs);
  const cpuMs = difference(before.cpuTotalMs, after.cpuTotalMs);
  return {
    loadAverage: level.loadAverage,
    pressureShare: level.pressureShare,
    stealShare: stealMs === null || cpuMs === null || cpuMs <= 0 ? null : stealMs / cpuMs,
    throttledPeriods: difference(before.throttledPeriods, after.throttledPeriods),
    windowMs: after.atMs - before.atMs,
  };
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}
