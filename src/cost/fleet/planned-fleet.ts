import type { Interval } from '../../stats/interval.ts';
import type { FleetTimes } from './fleet-times.ts';
import type { Batching } from './size-fleet.ts';
import type { Obstacle } from './why-not.ts';

/** A fleet of one kind of machine that was chosen for a load, or one busy replica where there is no load. */
export interface PlannedFleet {
  /** The delay in the time of the machine. */
  readonly batching: Batching;
  /** Null without a load. */
  readonly machines: Interval | null;
  /** In the time of the measuring machine, in the busiest hour; null where the fleet cannot be had. */
  readonly times: FleetTimes | null;
  readonly obstacle: Obstacle | null;
}
