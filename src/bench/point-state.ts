import type { Finding } from '../errors.ts';
import type { Round } from './bench-result.ts';
import type { PointCost } from './block-budget.ts';
import type { PointLoad } from './load/load-point.ts';
import type { Probe } from './probe-model.ts';
import type { SweepPoint } from './sweep.ts';

export type ReadyProbe = Extract<Probe, { status: 'ready' }>;

/** A point on its way through the rounds. */
export type PointState =
  | {
      readonly status: 'skipped' | 'failed';
      readonly point: SweepPoint;
      readonly reason: Finding;
      readonly probe: ReadyProbe | null;
      readonly rounds: readonly Round[];
      readonly load?: PointLoad;
    }
  | MeasuringPoint;

/** Rounds are added as they finish; a failure turns the state into a failed one that keeps them. */
export interface MeasuringPoint {
  readonly status: 'measuring';
  readonly point: SweepPoint;
  readonly probe: ReadyProbe;
  readonly rounds: readonly Round[];
  readonly cost: PointCost;
  /** What was found out under load so far. */
  readonly load?: PointLoad;
}

/** The state before any round: a probe that failed or was skipped decides the point. */
export function initialState(point: SweepPoint, probe: Probe, usableCores: number): PointState {
  if (probe.status !== 'ready') return { ...probe, point, probe: null, rounds: [] };
  // More threads than cores share the cores: each run takes that much longer.
  const crowding = Math.max(1, (point.threads * point.instances) / usableCores);
  return {
    status: 'measuring',
    point,
    probe,
    rounds: [],
    cost: {
      overheadMs: probe.overheadMs * Math.sqrt(point.instances),
      runMs: probe.runMs * crowding,
      // A request is many runs.
      ...(probe.generation !== undefined && { warmUpRuns: 1 }),
    },
  };
}

export function isMeasuring(state: PointState): state is MeasuringPoint {
  return state.status === 'measuring';
}
