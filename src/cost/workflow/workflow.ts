/** A number that may vary: of tokens. */
export type Amount =
  | { readonly kind: 'fixed'; readonly value: number }
  /** Log-normal, which is never negative and has a long tail, as token counts and times have. */
  | { readonly kind: 'mean'; readonly mean: number; readonly deviation: number };

/** Of milliseconds, which quantiles may tell too. */
export type Spread = Amount | { readonly kind: 'quantiles'; readonly p50: number; readonly p99: number };

/** How many of several are waited for: all, the first, or so many. */
export type Join = 'all' | 'any' | { readonly quorum: number };

/** What answers a step's calls. */
export type Served =
  | { readonly kind: 'model'; readonly name: string }
  /** A model of the token prices. */
  | { readonly kind: 'api'; readonly name: string; readonly cachedShare: number }
  | { readonly kind: 'tool' };

export interface WorkflowStep {
  readonly name: string;
  readonly served: Served;
  /** Tokens of one call; a tool reads none, and writes those that later steps read. */
  readonly input: Amount;
  readonly output: Amount;
  /** Its input holds all that the steps before it wrote, and in a loop what its own calls wrote. */
  readonly accumulates: boolean;
  /** Calls that it makes; any number between the two is as likely. */
  readonly fanOut: { readonly min: number; readonly max: number };
  /** False: one after another. */
  readonly isParallel: boolean;
  /** Of its calls. All of them are paid. */
  readonly join: Join;
  /** A call fails with this probability and is made again, at most `max` times; then the step goes on without it. */
  readonly retries: { readonly probability: number; readonly max: number };
  /** That it is done. A step that is not done is passed by. */
  readonly probability: number;
  /** Indices of the steps that it comes after. */
  readonly after: readonly number[];
  /** Of the steps that it comes after. */
  readonly await: Join;
  /** Among `after`: it is only done where all of these are. */
  readonly when: readonly number[];
  /** Of one call; null for models, which were measured, and where nobody tells. */
  readonly latencyMs: Spread | null;
  /** A fixed price of each call. */
  readonly usdPerCall: number;
}

/** What one request of a user sets off. */
export interface Workflow {
  readonly path: string;
  /** As in the file. */
  readonly steps: readonly WorkflowStep[];
  /** Indices of the steps, each after those that it waits for. */
  readonly order: readonly number[];
}
