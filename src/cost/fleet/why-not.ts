import type { CostOption } from '../cost-result.ts';
import type { Objective } from '../load.ts';

export type Obstacle = NonNullable<CostOption['obstacle']>;

/** Machines of a fleet at most: clouds give no more of a kind. */
export const mostMachines = 10_000;

/** In the time of the machine, at the percentile of the objective. */
export interface ReachedTimes {
  /** Latency of a request that never waits and is alone in its batch. */
  readonly aloneMs: number;
  /** Latency of the fleet that comes nearest. */
  readonly reachedMs: number;
}

/** Why an objective is missed: because a request that never waits takes longer already, or because requests wait. */
export function missed(objective: Objective, { aloneMs, reachedMs }: ReachedTimes): Obstacle {
  return aloneMs > objective.limitMs
    ? { code: 'cost-objective-below-service', details: { ...objective, aloneMs } }
    : { code: 'cost-objective-missed', details: { ...objective, reachedMs } };
}

export function overloaded(machines: number): Obstacle {
  return { code: 'cost-overload', details: { machines, most: mostMachines } };
}
