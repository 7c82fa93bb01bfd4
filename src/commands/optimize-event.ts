import type { BenchEvent } from '../bench/bench-event.ts';

/** What `infer optimize` is doing. */
export type OptimizeEvent =
  | { readonly kind: 'pass'; readonly pass: string; readonly nodes: number }
  | { readonly kind: 'verifying' }
  | { readonly kind: 'saving'; readonly path: string }
  | { readonly kind: 'bench'; readonly event: BenchEvent };
