/** What a profile of several runs told, summed up where it was read: its events may take a hundred megabytes. */
export interface RunProfile {
  /** In the order in which they first ended. */
  readonly kernels: readonly KernelRuns[];
  /** What each run took by the profile itself, in microseconds; the runs to warm up are left out. */
  readonly runsUs: readonly number[];
  /** Kernel executions of a run, to plan the next profile by. */
  readonly eventsPerRun: number;
  /** Whether fewer runs were made than asked for, because a run has so many events. */
  readonly isCutOff: boolean;
  /** The run that took the middle time. Null when no run was told. */
  readonly typical: TypicalRun | null;
}

/** A kernel of the runtime's optimized graph, and what it took in each run. */
export interface KernelRuns {
  /** The optimized graph's name for its node; `<op>_<index>` where it has none. */
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  /** Of its node in the graph that holds it; null where the profile does not tell. */
  readonly index: number | null;
  /** The kernel of the If, Loop or Scan in whose body it ran, as an index into `kernels`; null in the main graph. */
  readonly within: number | null;
  /** As in the first execution. */
  readonly inputs: readonly TensorKind[];
  readonly outputs: readonly TensorKind[];
  /** Of the constants and of the other values that an execution reads, packed weights left out; null where it is not told. */
  readonly parameterBytes: number | null;
  readonly activationBytes: number | null;
  readonly outputBytes: number | null;
  /** Of the arena, in use at its end, at most; and the most that was ever in use until then. */
  readonly inUseBytes: number | null;
  readonly peakBytes: number | null;
  /** By run, in microseconds: its own time, without that of kernels in its body; 0 where it did not run. */
  readonly selfUs: readonly number[];
  /** Executions by run. */
  readonly calls: readonly number[];
  /** By run: what the calling thread waited for the others; null with one thread. */
  readonly waitUs: readonly number[] | null;
}

export interface TensorKind {
  readonly type: string;
  readonly dims: readonly number[];
}

/** Times are in microseconds since the run began. */
export interface TypicalRun {
  readonly durationUs: number;
  readonly events: readonly TypicalEvent[];
}

export interface TypicalEvent {
  /** Index into `kernels`. */
  readonly kernel: number;
  readonly startUs: number;
  readonly durationUs: number;
}

export interface ProfileRunsRequest {
  /** Runs to profile, after two to warm up. */
  readonly runs: number;
  /** Fewer runs are made where they would have more events than this. onnxruntime drops what comes after a million. */
  readonly mostEvents: number;
  /** As an earlier profile told it; null to find out, which takes a session of its own. */
  readonly eventsPerRun: number | null;
}
