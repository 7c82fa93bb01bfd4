/** What was decided for the user about inputs, and should be said. */
export type InputNote =
  | {
      readonly code: 'dimension-guessed';
      readonly details: { readonly dimension: string; readonly value: number };
    }
  /** `values` is the range the made-up elements lie in, such as `0..99`. */
  | { readonly code: 'inputs-guessed'; readonly details: { readonly input: string; readonly values: string } };
