/** A model that is to be gated. */
export interface GatedChoice {
  /** From the config's folder, with `/`. */
  readonly path: string;
  /** Labeled samples, from the config's folder; null: the outputs are held against the base's instead. */
  readonly data: string | null;
  /** Lengths of dimensions that nothing tells. */
  readonly dims: Readonly<Record<string, number>>;
  /** Dimensions whose lengths are still to be said. */
  readonly openDims: readonly string[];
}

/** What `infer init` asks, or takes for granted. */
export interface InitAnswers {
  /** At least one. */
  readonly models: readonly GatedChoice[];
  /** Accuracy that a change may cost on the data, as `--max-drop` is written. */
  readonly maxDrop: string;
  /** Time to measure in, as `--budget` is written. */
  readonly budget: string;
  readonly budgetMs: number;
  readonly threads: number;
  /** The branch that pull requests go to. */
  readonly baseBranch: string;
  /** Whether a comment on the pull request tells the verdict. */
  readonly comment: boolean;
}

/** How a workflow gets at `infer`. */
export type Installation =
  /** The repository has it as a dependency; `folder` holds the lock file, from the repository's root. */
  | { readonly kind: 'dependency'; readonly folder: string; readonly lockFile: string }
  /** Nobody installs it: npx fetches what `source` names, as npm takes it (`infer@0.1.0`, an address, a tarball). */
  | { readonly kind: 'fetched'; readonly source: string };
