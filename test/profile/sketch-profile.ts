import type { KernelRuns, RunProfile } from '../../src/runtime/run-profile.ts';

/** What a test says of a kernel; the rest is a small Add of the main graph that runs once. */
export interface KernelSketch extends Partial<Omit<KernelRuns, 'name' | 'selfUs' | 'calls' | 'waitUs'>> {
  readonly name: string;
  /** Own time of each run, in microseconds. */
  readonly us: number | readonly number[];
  readonly calls?: number | readonly number[];
  readonly waitUs?: number;
}

/** A profile of so many runs that take their kernels and `besideUs` a run. */
export function sketchProfile(
  sketches: readonly KernelSketch[],
  { runs = 4, besideUs = 0, ...rest }: Partial<RunProfile> & { runs?: number; besideUs?: number } = {},
): RunProfile {
  const perRun = (value: number | readonly number[]) =>
    typeof value === 'number' ? Array.from({ length: runs }, () => value) : value;
  const kernels = sketches.map(({ us, calls = 1, waitUs, ...sketch }): KernelRuns => {
    const shapes = [{ type: 'float32', dims: [4] }];
    return {
      op: 'Add',
      provider: 'CPUExecutionProvider',
      index: null,
      within: null,
      inputs: shapes,
      outputs: shapes,
      parameterBytes: 0,
      activationBytes: 32,
      outputBytes: 16,
      inUseBytes: 64,
      peakBytes: 128,
      ...sketch,
      selfUs: perRun(us),
      calls: perRun(calls),
      waitUs: waitUs === undefined ? null : perRun(waitUs),
    };
  });
  const runsUs = Array.from({ length: runs }, (_, run) =>
    kernels.reduce((sum, { selfUs }) => sum + (selfUs[run] ?? 0), besideUs),
  );
  return { kernels, runsUs, eventsPerRun: kernels.length, isCutOff: false, typical: null, ...rest };
}
