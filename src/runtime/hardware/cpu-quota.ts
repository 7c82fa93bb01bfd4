import { cgroupHierarchy } from './cgroup.ts';
import type { ReadText } from './hardware-source.ts';

/** Processor time a container may use per wall time, in cores: the smallest up its groups; null when unbounded. */
export function readQuotaCores(readText: ReadText): number | null {
  const hierarchy = cgroupHierarchy(readText, 'cpu');
  if (hierarchy === null) return null;
  const quotaOf = hierarchy.version === 2 ? unifiedQuota : legacyQuota;
  const quotas = hierarchy.levels.map(quotaOf).filter((quota) => quota !== null);
  return quotas.length === 0 ? null : Math.min(...quotas);
}

/** `cpu.max` is `$MAX $PERIOD` in µs, or `max $PERIOD` (kernel's cgroup-v2.rst). */
function unifiedQuota(read: ReadText): number | null {
  const [quota, period] = (read('cpu.max') ?? '').trim().split(/\s+/);
  return ratio(Number(quota), Number(period ?? 100_000));
}

/** `cpu.cfs_quota_us` is -1 when unbounded (kernel's sched-bwc.rst). */
function legacyQuota(read: ReadText): number | null {
  const quota = read('cpu.cfs_quota_us');
  const period = read('cpu.cfs_period_us');
  return quota === null || period === null ? null : ratio(Number(quota), Number(period));
}

function ratio(quota: number, period: number): number | null {
  return quota > 0 && period > 0 ? quota / period : null;
}

/**
 * Periods in which a quota stopped this process's groups, since they were made; null where no group counts them.
 * Each group counts for its own quota only, so the counts of all levels are added.
 */
export function readThrottledPeriods(readText: ReadText): number | null {
  const levels = cgroupHierarchy(readText, 'cpu')?.levels ?? [];
  const counts = levels.flatMap((read) => {
    const match = /^nr_throttled (\d+)$/m.exec(read('cpu.stat') ?? '');
    return match === null ? [] : [Number(match[1])];
  });
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
