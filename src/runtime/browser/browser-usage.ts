import { readFileSync } from 'node:fs';
import { parsePeakRssBytes } from '../peak-rss.ts';

/** One of a browser's processes, as the DevTools protocol's SystemInfo.getProcessInfo tells. */
export interface BrowserProcessInfo {
  /** `browser`, `renderer`, `GPU` or a service. */
  readonly type: string;
  readonly id: number;
  /** Seconds of processor time since it started. */
  readonly cpuTime: number;
}

/** Processor time of the whole browser: what a page computes is spread over its processes. */
export function cpuMsOf(processes: readonly BrowserProcessInfo[]): number {
  return processes.reduce((total, { cpuTime }) => total + cpuTime * 1000, 0);
}

/**
 * Peak resident memory of the processes that hold a model: the page's, which is the largest renderer (others lie
 * ready, empty), and that of the GPU. Null where the system does not tell.
 */
export function peakRssOf(
  processes: readonly BrowserProcessInfo[],
  readPeak: (pid: number) => number | null,
): number | null {
  const peaks = (type: string) =>
    processes.flatMap((process) => (process.type === type ? (readPeak(process.id) ?? []) : []));
  const renderers = peaks('renderer');
  if (renderers.length === 0) return null;
  return Math.max(...renderers) + peaks('GPU').reduce((total, bytes) => total + bytes, 0);
}

/** Linux alone tells of another process. */
export function readPeakOf(pid: number): number | null {
  try {
    return parsePeakRssBytes(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return null;
  }
}
