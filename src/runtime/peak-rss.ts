import { readFileSync } from 'node:fs';

/** Peak resident memory of this process in bytes: VmHWM on Linux, getrusage elsewhere. */
export function readPeakRssBytes(): number {
  return parsePeakRssBytes(readStatus()) ?? process.resourceUsage().maxRSS * 1024;
}

/** The VmHWM line of `/proc/PID/status`, given in kB, as bytes; null when it is not there. */
export function parsePeakRssBytes(status: string): number | null {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(status);
  return match?.[1] === undefined ? null : Number(match[1]) * 1024;
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
