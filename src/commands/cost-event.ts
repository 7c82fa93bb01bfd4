import type { BenchEvent } from '../bench/bench-event.ts';

/** What `infer cost` is doing: measuring, then working out what that costs. */
export type CostEvent = BenchEvent | { readonly kind: 'projecting'; readonly curves: number };
