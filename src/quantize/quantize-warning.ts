/** What to know before believing a quantized model. */
export type QuantizeWarning =
  /** Ranges come from made-up inputs: real ones may lie elsewhere. */
  | { readonly code: 'synthetic-calibration'; readonly details: Readonly<Record<string, never>> }
  /** Without data nothing vouches for quality: outputs were compared on made-up inputs alone, or not at all. */
  | { readonly code: 'quality-unknown'; readonly details: { readonly compared: boolean } }
  /** Values that calibration never reached, each with the node that makes it, which stays in float. */
  | {
      readonly code: 'never-executed';
      readonly details: { readonly values: readonly string[]; readonly nodes: readonly string[] };
    }
  /** Values that were the same whatever the data. */
  | { readonly code: 'constant-activations'; readonly details: { readonly values: readonly string[] } }
  /** The noise of the machine decided nothing; the best candidate was written. */
  | { readonly code: 'undecided'; readonly details: { readonly goals: readonly string[] } }
  /** Nodes that should compute with integers and do not once loaded. */
  | { readonly code: 'not-fused'; readonly details: { readonly nodes: readonly string[] } }
  /** A candidate could not be built, loaded or run. */
  | { readonly code: 'candidate-failed'; readonly details: { readonly candidate: string; readonly problem: string } }
  /** 8-bit products saturate on this processor: weights were kept to 7 bits. */
  | { readonly code: 'range-reduced'; readonly details: Readonly<Record<string, never>> }
  /** The processor here is not what the target would run on, so that speed was not judged. */
  | { readonly code: 'target-not-measured'; readonly details: { readonly target: string } }
  /** Few samples for calibrating. */
  | { readonly code: 'few-samples'; readonly details: { readonly samples: number; readonly wanted: number } };
