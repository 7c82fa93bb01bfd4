import type { Environment } from '../environment.ts';
import { cgroupHierarchy } from './cgroup.ts';
import type { HardwareSource, ReadText } from './hardware-source.ts';

/** Memory of the machine, what is free of it, and the container's limit. */
export function readMemory(source: HardwareSource): Environment['memory'] {
  const meminfo = source.readText('/proc/meminfo') ?? '';
  const totalBytes = lineBytes(meminfo, 'MemTotal') ?? source.totalMemoryBytes;
  return {
    totalBytes,
    // macOS counts reclaimable memory as used, so its free memory would say far too little.
    availableBytes: lineBytes(meminfo, 'MemAvailable') ?? (source.platform === 'win32' ? source.freeMemoryBytes : null),
    limitBytes: readLimitBytes(source.readText, totalBytes),
  };
}

function lineBytes(meminfo: string, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo);
  return match === null ? null : Number(match[1]) * 1024;
}

/** The smallest limit up the process's groups. Version 1 writes "unbounded" as a number near 2^63: above all memory. */
function readLimitBytes(readText: ReadText, totalBytes: number): number | null {
  const hierarchy = cgroupHierarchy(readText, 'memory');
  if (hierarchy === null) return null;
  const file = hierarchy.version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
  const limits = hierarchy.levels
    .map((read) => Number(read(file) ?? Number.NaN))
    .filter((limit) => limit > 0 && limit < totalBytes);
  return limits.length === 0 ? null : Math.min(...limits);
}
