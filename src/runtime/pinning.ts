/** Whether processes can be held to processors here: which, in the order in which to give them out, or why not. */
export type Pinning =
  | { readonly possible: true; readonly processors: readonly number[] }
  | { readonly possible: false; readonly problem: PinningProblem };

/** `system`: not Linux. `no-taskset`: the program is not there. `refused`: it is, and was not allowed to. */
export type PinningProblem = 'system' | 'no-taskset' | 'refused';

/** Threads of a process that may run on the same processors, as the kernel tells. */
export interface ThreadAffinity {
  readonly processors: readonly number[];
  readonly threads: number;
}
