import { meanOf, parseCpuInfo } from './cpu-info.ts';
import type { ReadText } from './hardware-source.ts';

/**
 * Mean current clock over processors in MHz; null where it is not told. `/proc/cpuinfo` comes first, being one file;
 * Arm has the clock in sysfs alone, in kHz.
 */
export function readFrequencyMhz(readText: ReadText): number | null {
  const info = parseCpuInfo(readText('/proc/cpuinfo') ?? '');
  if (info.frequencyMhz !== null) return info.frequencyMhz;
  const clocks = Array.from({ length: info.logicalCores }, (_, index) =>
    readText(`/sys/devices/system/cpu/cpu${index}/cpufreq/scaling_cur_freq`),
  );
  const mean = meanOf(clocks.map((clock) => Number(clock ?? Number.NaN)));
  return mean === null ? null : mean / 1000;
}
