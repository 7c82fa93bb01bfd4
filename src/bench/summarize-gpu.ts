import { logInterval } from '../stats/log-interval.ts';
import type { GpuBlock, GpuUse, Point, Round } from './bench-result.ts';
import type { ReadyProbe } from './point-state.ts';

const unseen = {
  utilization: null,
  memoryUtilization: null,
  memoryUsedBytes: null,
  powerW: null,
  idlePowerW: null,
  smClockMhz: null,
  smClockMaxMhz: null,
  temperatureC: null,
  throttled: null,
  joulesPerRun: null,
  joulesPerItem: null,
} as const;

export interface GpuPoint {
  readonly device: number;
  readonly batch: Point['batch'];
  readonly copies: ReadyProbe['copies'];
}

/** The GPU over all blocks of a point. A block in which too little was seen of it does not count. */
export function summarizeGpu(rounds: readonly Round[], { device, batch, copies }: GpuPoint): GpuUse {
  const blocks = rounds.flatMap(({ gpu }) => gpu ?? []);
  const base = { device, copies: copies === null ? null : { ...copies }, samples: 0 };
  if (blocks.length === 0) return { ...base, ...unseen, powerIsInstant: false, isMig: false };
  const known = (read: (block: GpuBlock) => number | null) => blocks.flatMap((block) => read(block) ?? []);
  const joules = known(({ joulesPerRun }) => joulesPerRun);
  // Of a part of the blocks, those with the most energy, the mean would be too high.
  const isWhole = joules.length === blocks.length;
  return {
    ...base,
    samples: blocks.reduce((total, { samples }) => total + samples, 0),
    utilization: mean(known(({ utilization }) => utilization)),
    memoryUtilization: mean(known(({ memoryUtilization }) => memoryUtilization)),
    memoryUsedBytes: largest(known(({ memoryUsedBytes }) => memoryUsedBytes)),
    powerW: mean(known(({ powerW }) => powerW)),
    idlePowerW: mean(known(({ idlePowerW }) => idlePowerW)),
    powerIsInstant: blocks.every(({ powerIsInstant }) => powerIsInstant),
    joulesPerRun: isWhole ? logInterval(joules) : null,
    joulesPerItem: isWhole ? logInterval(joules.map((joule) => joule / (batch ?? 1))) : null,
    smClockMhz: mean(known(({ smClockMhz }) => smClockMhz)),
    smClockMaxMhz: largest(known(({ smClockMaxMhz }) => smClockMaxMhz)),
    temperatureC: largest(known(({ temperatureC }) => temperatureC)),
    throttled: throttledShares(blocks),
    isMig: blocks.some(({ isMig }) => isMig),
  };
}

/** Shares of all samples, the largest first. */
function throttledShares(blocks: readonly GpuBlock[]): GpuUse['throttled'] {
  const told = blocks.flatMap(({ throttled, samples }) => (throttled === null ? [] : [{ throttled, samples }]));
  if (told.length === 0) return null;
  const all = told.reduce((total, { samples }) => total + samples, 0);
  const reasons = [...new Set(told.flatMap(({ throttled }) => throttled.map(({ reason }) => reason)))];
  const weight = (reason: string) =>
    told.reduce((total, { throttled, samples }) => {
      const share = throttled.find((entry) => entry.reason === reason)?.share ?? 0;
      return total + share * samples;
    }, 0);
  return reasons.map((reason) => ({ reason, share: weight(reason) / all })).toSorted((a, b) => b.share - a.share);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
