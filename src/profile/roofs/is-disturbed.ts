import type { NoiseCounters } from '../../runtime/noise-counters.ts';

/** Measuring fills every core it may: the system's own chores wait for it some 5 % of the time on a quiet machine. */
const mostStalled = 0.25;

/** Of all processor time, what a hypervisor may give to others. */
const mostStolen = 0.02;

/** Whether others wanted the processor between two readings; false where the system does not tell. */
export function isDisturbed(before: NoiseCounters, after: NoiseCounters): boolean {
  const stalled = share(after.stalledMs, before.stalledMs, after.atMs - before.atMs);
  const stolen = share(after.stealMs, before.stealMs, (after.cpuTotalMs ?? 0) - (before.cpuTotalMs ?? 0));
  const throttled = (after.throttledPeriods ?? 0) > (before.throttledPeriods ?? 0);
  return stalled > mostStalled || stolen > mostStolen || throttled;
}

function share(after: number | null, before: number | null, of: number): number {
  return after === null || before === null || of <= 0 ? 0 : (after - before) / of;
}
