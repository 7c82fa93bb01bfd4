/** Running totals the operating system keeps; two readings give what happened in between. Null where it does not tell. */
export interface NoiseCounters {
  readonly atMs: number;
  /** Time in which some task waited for a processor (pressure stall information, `some`). */
  readonly stalledMs: number | null;
  /** Processor time taken by the hypervisor, summed over processors. */
  readonly stealMs: number | null;
  /** All processor time that passed, summed over processors: the divisor for steal. */
  readonly cpuTotalMs: number | null;
  /** Periods in which the container's quota throttled us. */
  readonly throttledPeriods: number | null;
  /** Mean current clock over processors. */
  readonly frequencyMhz: number | null;
  /** By processor package, idle and other work included; absent where it cannot be read. */
  readonly energy?: readonly EnergyCounter[];
}

/** Energy of a package since some moment (RAPL), which starts anew from 0 beyond its range. */
export interface EnergyCounter {
  readonly name: string;
  readonly microjoules: number;
  readonly rangeMicrojoules: number;
}
