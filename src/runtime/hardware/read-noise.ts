import type { NoiseCounters } from '../noise-counters.ts';
import { readThrottledPeriods } from './cpu-quota.ts';
import { readFrequencyMhz } from './frequency.ts';
import type { HardwareSource, ReadText } from './hardware-source.ts';
import { readEnergy } from './read-energy.ts';

/** A tick of `/proc/stat` in ms: USER_HZ is 100 on every architecture Node runs on. */
const tickMs = 10;

/** The totals as they stand; what the system does not tell is null. */
export function readNoiseCounters(source: Pick<HardwareSource, 'readText' | 'nowMs'>): NoiseCounters {
  const { readText } = source;
  const energy = readEnergy(readText);
  return {
    atMs: source.nowMs(),
    stalledMs: pressure(readText).totalMs,
    ...processorTime(readText('/proc/stat') ?? ''),
    throttledPeriods: readThrottledPeriods(readText),
    frequencyMhz: readFrequencyMhz(readText),
    ...(energy.length > 0 && { energy }),
  };
}

/** How busy the machine is as this process finds it. */
export interface NoiseLevel {
  /** Mean runnable tasks over the last minute. */
  readonly loadAverage: number | null;
  /** Share of the last 10 s in which some task waited for a processor. */
  readonly pressureShare: number | null;
}

export function readNoiseLevel(source: Pick<HardwareSource, 'readText' | 'loadAverage'>): NoiseLevel {
  return { loadAverage: source.loadAverage, pressureShare: pressure(source.readText).recentShare };
}

/** `some avg10=<percent> … total=<µs>` (kernel's accounting/psi.rst). */
function pressure(readText: ReadText): { readonly totalMs: number | null; readonly recentShare: number | null } {
  const match = /^some avg10=([\d.]+) .*total=(\d+)$/m.exec(readText('/proc/pressure/cpu') ?? '');
  if (match === null) return { totalMs: null, recentShare: null };
  return { totalMs: Number(match[2]) / 1000, recentShare: Number(match[1]) / 100 };
}

/**
 * The first line of `/proc/stat`: user nice system idle iowait irq softirq steal guest guest_nice. Guest time is part
 * of user time already, so the total is the sum of the first eight (proc_stat(5)).
 */
function processorTime(stat: string): Pick<NoiseCounters, 'stealMs' | 'cpuTotalMs'> {
  const ticks = (/^cpu +([\d ]+)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, 8).map(Number);
  const steal = ticks[7];
  if (steal === undefined) return { stealMs: null, cpuTotalMs: null };
  return { stealMs: steal * tickMs, cpuTotalMs: ticks.reduce((sum, tick) => sum + tick, 0) * tickMs };
}
