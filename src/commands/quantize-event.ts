import type { BenchEvent } from '../bench/bench-event.ts';

/** What `infer quantize` is doing. */
export type QuantizeEvent =
  | { readonly kind: 'pass'; readonly pass: string; readonly nodes: number }
  /** `pass` 1 takes extremes, 2 histograms. */
  | { readonly kind: 'calibrating'; readonly pass: 1 | 2; readonly done: number; readonly of: number }
  | { readonly kind: 'quantizing'; readonly node: string; readonly done: number; readonly of: number }
  | { readonly kind: 'candidate'; readonly name: string; readonly index: number; readonly of: number }
  | { readonly kind: 'profiling'; readonly name: string }
  | { readonly kind: 'sensitivity'; readonly done: number; readonly of: number }
  | { readonly kind: 'evaluating'; readonly name: string; readonly done: number; readonly of: number }
  | { readonly kind: 'bench'; readonly event: BenchEvent }
  | { readonly kind: 'saving'; readonly path: string };
