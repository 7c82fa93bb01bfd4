import type { ThrottleReason } from './throttle-reasons.ts';

/** Why a GPU is not, or no longer, watched. */
export type GpuMonitorProblem =
  /** There is no nvidia-smi. */
  | { readonly kind: 'absent' }
  /** CUDA_VISIBLE_DEVICES shows no such device. */
  | { readonly kind: 'hidden' }
  /** It ended by itself; `said` is the last it wrote. */
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly said: string }
  /** It wrote nothing for so long. */
  | { readonly kind: 'silent'; readonly waitedMs: number }
  /** It writes what is no answer. */
  | { readonly kind: 'unreadable'; readonly said: string };

/** A GPU over a span of time. Shares are of time; null where the GPU or its driver does not tell. */
export interface GpuWindow {
  readonly samples: number;
  /** Mean share of the driver's sample periods in which some kernel ran: not how full the GPU was. */
  readonly utilization: number | null;
  readonly memoryUtilization: number | null;
  /** The most of it, of all processes on the GPU. */
  readonly memoryUsedBytes: number | null;
  /** Mean over the span, and its integral. */
  readonly powerW: number | null;
  readonly energyJ: number | null;
  /** Readings of the moment, and not means of a second or so. */
  readonly powerIsInstant: boolean;
  readonly smClockMhz: number | null;
  readonly smClockMaxMhz: number | null;
  /** The hottest. */
  readonly temperatureC: number | null;
  /** What held the clock down, and for which share of the samples; null where that is not told. */
  readonly throttled: readonly { readonly reason: ThrottleReason; readonly share: number }[] | null;
  /** The GPU is divided into instances: memory and power are those of all of them. */
  readonly isMig: boolean;
}

/** Watches one GPU by a process of its own until it is stopped. */
export interface GpuMonitor {
  /** The GPU before anything of ours ran on it; null when it could not be watched. */
  readonly idle: GpuWindow | null;
  /** What it did between two times of the runtime's clock; null when too little was seen of it. */
  window(fromMs: number, toMs: number): GpuWindow | null;
  /** Null while all is well. */
  problem(): GpuMonitorProblem | null;
  /** Ends the process. Never throws, and waits but a moment for one that cannot be ended. */
  stop(): Promise<void>;
}
