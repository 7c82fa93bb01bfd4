/** What to know before believing a pruned model. */
export type PruneWarning =
  /** Without data nothing vouches for quality: outputs were compared on made-up inputs alone, or not at all. */
  | { readonly code: 'quality-unknown'; readonly details: { readonly compared: boolean } }
  /** Without data nothing was refitted. */
  | { readonly code: 'not-reconstructed'; readonly details: Readonly<Record<string, never>> }
  /** Groups that no gradient reaches: they were ranked by their weights. */
  | { readonly code: 'no-gradient'; readonly details: { readonly groups: readonly string[] } }
  /** Training after pruning brought nothing: what was pruned and refitted is what is judged. */
  | { readonly code: 'not-distilled'; readonly details: { readonly epochs: number } }
  /** The noise of the machine, or too few samples, decided nothing; the best candidate was written. */
  | { readonly code: 'undecided'; readonly details: { readonly goals: readonly string[] } }
  /** Zeros make a smaller download and nothing faster in onnxruntime. */
  | { readonly code: 'size-only'; readonly details: { readonly pattern: string | null } }
  /** Layers whose gram matrix could not be solved, or whose activations were no numbers: they were not refitted. */
  | {
      readonly code: 'not-refitted';
      readonly details: {
        readonly nodes: readonly string[];
        readonly problem: 'singular' | 'not-finite' | 'not-measured';
      };
    }
  /** Widths allow only another share than the one that was asked for. */
  | {
      readonly code: 'share-rounded';
      readonly details: { readonly asked: number; readonly reached: number; readonly roundTo: number };
    }
  /** A candidate could not be built, loaded or run. */
  | { readonly code: 'candidate-failed'; readonly details: { readonly candidate: string; readonly problem: string } }
  /** The closest that was found to a target that could not be reached. */
  | {
      readonly code: 'target-out-of-reach';
      readonly details: { readonly goal: string; readonly limit: string; readonly closest: string };
    }
  /** Nothing in the search keeps `--max-drop` and is smaller. */
  | {
      readonly code: 'no-room';
      readonly details: { readonly maxDrop: string; readonly candidates: number; readonly groups: number };
    }
  /** Removing the units and masking them differ by more than rounding. */
  | { readonly code: 'mask-differs'; readonly details: { readonly error: number } }
  /** Few samples for refitting. */
  | { readonly code: 'few-samples'; readonly details: { readonly samples: number; readonly wanted: number } };
