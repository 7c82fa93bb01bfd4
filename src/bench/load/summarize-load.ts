import type { ServedRequests } from '../../runtime/serve/loaded-server.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import { isStable } from './backlog.ts';
import { judgeObjective } from './judge-objective.ts';
import type { LoadRun, Objective } from './load-result.ts';
import { loadTimes } from './load-times.ts';
import type { Schedule } from './schedule.ts';

/** Most of the objective, or without one of the p99 from arrival, that the generator's lateness may be (p99). */
const latenessShare = 0.05;

export interface LoadContext {
  readonly asked: string;
  readonly arrivals: string;
  readonly objective: Objective | null;
  readonly disturbed: readonly string[];
}

/** What a schedule's requests went through, from their times alone. */
export function summarizeLoad(schedule: Schedule, served: ServedRequests, context: LoadContext): LoadRun {
  const { arrivalsMs, offeredPerSecond } = schedule;
  const { startsMs, endsMs, issuedMs } = served;
  const latencyMs = differences(endsMs, arrivalsMs);
  const isScheduled = offeredPerSecond !== null;
  const answered = latencyMs.filter((ms) => Number.isFinite(ms)).length;
  const times = isScheduled ? loadTimes(latencyMs) : null;
  const late = lateness(differences(issuedMs, arrivalsMs), {
    limitMs: latenessShare * (context.objective?.limitMs ?? times?.p99?.value ?? times?.max ?? Infinity),
  });
  const facts = {
    valid: !isScheduled || late.isOnTime,
    stable: !isScheduled || isStable({ arrivalsMs, startsMs, endsMs }),
  };
  return {
    asked: context.asked,
    offeredPerSecond,
    achievedPerSecond: achieved(arrivalsMs, endsMs, answered),
    arrivals: isScheduled ? context.arrivals : 'at-once',
    spanMs: arrivalsMs.at(-1) ?? 0,
    requests: arrivalsMs.length,
    answered,
    latencyMs: times,
    queueMs: isScheduled ? loadTimes(differences(startsMs, arrivalsMs)) : null,
    serviceMs: loadTimes(differences(endsMs, startsMs).filter((ms) => Number.isFinite(ms))),
    generatorLatenessMs: late.lateMs,
    latenessLimitMs: late.limitMs,
    ...facts,
    disturbed: [...context.disturbed],
    ...(context.objective !== null && isScheduled && judged(latencyMs, context.objective, facts)),
  };
}

function judged(
  latencyMs: Float64Array,
  wanted: Objective,
  { valid, stable }: Pick<LoadRun, 'valid' | 'stable'>,
): Pick<LoadRun, 'objective' | 'meetsObjective'> {
  const { objective, verdict } = judgeObjective(latencyMs, wanted);
  // Who is answered in time while the queue grows is so only until it has grown.
  return { objective: { ...objective }, meetsObjective: !valid ? 'undecided' : stable ? verdict : 'missed' };
}

/** What has not happened is later than anything. */
function differences(laterMs: Float64Array, earlierMs: Float64Array): Float64Array {
  return laterMs.map((ms, request) => (Number.isNaN(ms) ? Infinity : ms - (earlierMs[request] ?? 0)));
}

function achieved(arrivalsMs: Float64Array, endsMs: Float64Array, answered: number): number {
  const lastMs = endsMs.reduce((last, ms) => (ms > last ? ms : last), arrivalsMs.at(-1) ?? 0);
  return lastMs === 0 ? 0 : (answered / lastMs) * 1000;
}

interface Lateness {
  readonly lateMs: LoadRun['generatorLatenessMs'];
  readonly limitMs: number;
  readonly isOnTime: boolean;
}

function lateness(lateMs: Float64Array, { limitMs }: { readonly limitMs: number }): Lateness {
  const sorted = lateMs.toSorted();
  const known = (p: number): number | null => {
    const value = quantileOfSorted(sorted, p);
    return Number.isFinite(value) ? value : null;
  };
  const p99 = known(0.99);
  return {
    lateMs: { p50: known(0.5), p99, max: known(1) },
    limitMs: Number.isFinite(limitMs) ? limitMs : 0,
    isOnTime: p99 !== null && p99 <= limitMs,
  };
}
