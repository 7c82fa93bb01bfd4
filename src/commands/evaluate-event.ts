/** What a running `infer evaluate` is doing. */
export type EvaluateEvent =
  | { readonly kind: 'loading'; readonly model: string }
  | { readonly kind: 'opening'; readonly path: string }
  | { readonly kind: 'samples'; readonly done: number; readonly of: number; readonly elapsedMs: number };
