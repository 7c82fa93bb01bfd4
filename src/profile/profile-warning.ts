/** What to know before believing a profile. */
export type ProfileWarning =
  /** Fewer runs were profiled than wanted, for a run has so many kernels. */
  | { readonly code: 'profile-cut-off'; readonly details: { runs: number; wanted: number; eventsPerRun: number } }
  /** The runtime told of no kernel: nothing is left of the model, or its provider does not tell. */
  | { readonly code: 'no-kernels'; readonly details: { ep: string } }
  /** Much of a profiled run lies between the kernels, and is not the profile's own writing either. */
  | { readonly code: 'low-coverage'; readonly details: { coverage: number; writingShare: number } }
  /** What the runtime made of the model could not be read: kernels are told by their own names. */
  | { readonly code: 'graph-unreadable'; readonly details: { model: string } }
  /** Kernels that no node of the file could be found for. */
  | { readonly code: 'kernels-unattributed'; readonly details: { kernels: number; share: number } }
  /** Nodes that another provider than the one asked for ran. */
  | { readonly code: 'fell-back'; readonly details: { ep: string; provider: string; kernels: number; share: number } }
  /** Roofs could not be measured: the code of the error. */
  | { readonly code: 'no-roofs'; readonly details: { problem: string } }
  /** `--compare`: hardly a node of one has a counterpart in the other. `nodes` are those of the smaller one. */
  | {
      readonly code: 'models-unrelated';
      readonly details: { model: string; other: string; pairs: number; nodes: number };
    }
  /** Fewer rounds than intervals need: it was interrupted. */
  | { readonly code: 'few-rounds'; readonly details: { rounds: number; wanted: number } };
