import type { Treatment } from '../vocabulary.ts';

/** What a candidate does with nodes; those that are not named stay in float. */
export interface CandidatePlan {
  readonly name: string;
  /** By key of the node (see `nodeKey`). */
  readonly treatments: ReadonlyMap<string, Exclude<Treatment, 'float' | 'float16'>>;
}

/** The same plan without some nodes, which stay in float. */
export function without(plan: CandidatePlan, keys: ReadonlySet<string>): CandidatePlan {
  return { ...plan, treatments: new Map([...plan.treatments].filter(([key]) => !keys.has(key))) };
}
