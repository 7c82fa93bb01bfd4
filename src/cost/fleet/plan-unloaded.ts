import { unloadedPlan } from './choose-batch.ts';
import type { FleetModel } from './fleet-model.ts';
import type { TimeRange } from './intervals.ts';
import type { PlannedFleet } from './planned-fleet.ts';
import { missed } from './why-not.ts';

/** Without a load: one replica at the target utilization, with the batch that is cheapest and answers in time there. */
export function planUnloaded(model: FleetModel, { factor }: TimeRange): PlannedFleet {
  const { objective, queueDelayMs } = model.settings;
  const limitMs = objective === null ? null : objective.limitMs / factor;
  const { batch, times, isInTime } = unloadedPlan(model, limitMs, (queueDelayMs ?? 0) / factor);
  const reached = { aloneMs: model.aloneMs * factor, reachedMs: times.objectiveMs.value * factor };
  return {
    batching: { batch, queueDelayMs: queueDelayMs ?? 0 },
    machines: null,
    times,
    obstacle: objective === null || isInTime ? null : missed(objective, reached),
  };
}
