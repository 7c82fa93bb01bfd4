import type { ProfileSubject } from '../profile/profile-result.ts';

/** Kernels one after another, those of a body within the one that runs it. Times are in ms since the run began. */
export interface Timeline {
  /** A run as it was profiled; or the average of runs, where the result holds none: kernels in order, without gaps. */
  readonly kind: 'typical' | 'average';
  readonly durationMs: number;
  /** By start; what holds others before them. */
  readonly events: readonly TimelineEvent[];
}

interface TimelineEvent {
  /** Index into the subject's kernels. */
  readonly kernel: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/** What a run of the subject looks like in time. */
export function timelineOf(subject: ProfileSubject): Timeline {
  const { typicalRun } = subject;
  if (typicalRun === null) return averageRun(subject);
  const events = typicalRun.events.toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
  return { kind: 'typical', durationMs: typicalRun.durationMs, events };
}

function averageRun({ kernels }: ProfileSubject): Timeline {
  const inside = new Map<number | null, number[]>();
  for (const [at, { within }] of kernels.entries()) inside.set(within, [...(inside.get(within) ?? []), at]);
  const events: TimelineEvent[] = [];
  /** Its own time, then what it runs. Returns when it ends. */
  const place = (at: number, startMs: number): number => {
    const event = { kernel: at, startMs, durationMs: 0 };
    events.push(event);
    let endMs = startMs + (kernels[at]?.timeMs.value ?? 0);
    for (const child of inside.get(at) ?? []) endMs = place(child, endMs);
    event.durationMs = endMs - startMs;
    return endMs;
  };
  let durationMs = 0;
  for (const at of inside.get(null) ?? []) durationMs = place(at, durationMs);
  return { kind: 'average', durationMs, events };
}
