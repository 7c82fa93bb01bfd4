import type { BenchEvent } from '../bench/bench-event.ts';
import type { DistillEvent } from '../distill/distill-event.ts';

/** What `infer prune` is doing. */
export type PruneEvent =
  | { readonly kind: 'pass'; readonly pass: string; readonly nodes: number }
  | { readonly kind: 'grouping' }
  | { readonly kind: 'scoring'; readonly done: number; readonly of: number }
  | { readonly kind: 'sensitivity'; readonly done: number; readonly of: number }
  | { readonly kind: 'reconstructing'; readonly node: string; readonly done: number; readonly of: number }
  | { readonly kind: 'candidate'; readonly name: string; readonly index: number; readonly of: number }
  | { readonly kind: 'profiling'; readonly name: string }
  | { readonly kind: 'evaluating'; readonly name: string; readonly done: number; readonly of: number }
  | { readonly kind: 'distilling'; readonly event: DistillEvent }
  | { readonly kind: 'bench'; readonly event: BenchEvent }
  | { readonly kind: 'saving'; readonly path: string };
