import type { GpuWindow } from './gpu-monitor.ts';
import type { GpuSample } from './gpu-sample.ts';
import { throttleReasons } from './throttle-reasons.ts';

/** Fewer tell too little of a span. */
const leastSamples = 3;

/** Sums samples up over a span of time, in their order. Null when fewer than three lie in it. */
export function gpuWindow(samples: readonly GpuSample[], fromMs: number, toMs: number): GpuWindow | null {
  const inside = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  if (inside.length < leastSamples) return null;
  const known = (read: (sample: GpuSample) => number | null) => inside.flatMap((sample) => read(sample) ?? []);
  const energyJ = energyOf(samples, fromMs, toMs);
  return {
    samples: inside.length,
    utilization: mean(known(({ utilization }) => utilization)),
    memoryUtilization: mean(known(({ memoryUtilization }) => memoryUtilization)),
    memoryUsedBytes: largest(known(({ memoryUsedBytes }) => memoryUsedBytes)),
    powerW: energyJ === null ? null : energyJ / ((toMs - fromMs) / 1000),
    energyJ,
    powerIsInstant: inside.every(({ powerIsInstant }) => powerIsInstant),
    smClockMhz: mean(known(({ smClockMhz }) => smClockMhz)),
    smClockMaxMhz: largest(known(({ smClockMaxMhz }) => smClockMaxMhz)),
    temperatureC: largest(known(({ temperatureC }) => temperatureC)),
    throttled: throttledShares(inside),
    isMig: inside.some(({ isMig }) => isMig),
  };
}

/** The integral of the power, W·s = J: linear between samples, constant before the first and after the last. */
function energyOf(samples: readonly GpuSample[], fromMs: number, toMs: number): number | null {
  const readings = samples.flatMap(({ atMs, powerW }) => (powerW === null ? [] : [{ atMs, powerW }]));
  if (readings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).length < leastSamples) return null;
  const inner = readings.filter(({ atMs }) => atMs > fromMs && atMs < toMs).map(({ atMs }) => atMs);
  const times = [fromMs, ...inner, toMs];
  const wattMs = times.slice(1).reduce((total, time, at) => {
    const before = times[at] ?? fromMs;
    return total + ((powerAt(readings, before) + powerAt(readings, time)) / 2) * (time - before);
  }, 0);
  return wattMs / 1000;
}

interface Reading {
  readonly atMs: number;
  readonly powerW: number;
}

function powerAt(readings: readonly Reading[], timeMs: number): number {
  const before = readings.findLast(({ atMs }) => atMs <= timeMs);
  const after = readings.find(({ atMs }) => atMs >= timeMs);
  if (before === undefined || after === undefined) return (before ?? after)?.powerW ?? Number.NaN;
  if (after.atMs === before.atMs) return after.powerW;
  const part = (timeMs - before.atMs) / (after.atMs - before.atMs);
  return before.powerW + (after.powerW - before.powerW) * part;
}

function throttledShares(samples: readonly GpuSample[]): GpuWindow['throttled'] {
  const told = samples.flatMap(({ throttled }) => (throttled === null ? [] : [throttled]));
  if (told.length === 0) return null;
  return throttleReasons.flatMap((reason) => {
    const share = told.filter((reasons) => reasons.includes(reason)).length / told.length;
    return share === 0 ? [] : [{ reason, share }];
  });
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
