import type { ServedRequests } from '../../runtime/serve/loaded-server.ts';

/** Parts of a run whose mean queues are compared. */
const parts = 10;
/** Fewest requests of a part. */
const leastRequests = 5;
/** Pairs of parts, out of 45, of which the later has the longer queue: fewer come about by chance (Kendall, p < 0.001). */
const risingPairs = 35;
/** Share of what arrived that stays in the queue at the end of a run. */
const leftBehind = 0.01;
/** Least share of the offered rate that must be answered. */
const keptUp = 0.98;

/** Service times by which the last answer may come after the last arrival in any run. */
const lastServices = 3;

type Times = Pick<ServedRequests, 'startsMs' | 'endsMs'> & { readonly arrivalsMs: Float64Array };

/** Requests in the system when each arrives, without itself. */
function backlogAtArrivals({ arrivalsMs, endsMs }: Omit<Times, 'startsMs'>): Float64Array {
  const ends = endsMs.filter((endMs) => !Number.isNaN(endMs)).toSorted();
  let answered = 0;
  return arrivalsMs.map((arrivalMs, request) => {
    while ((ends[answered] ?? Infinity) <= arrivalMs) answered += 1;
    return request - answered;
  });
}

/**
 * Whether a queue grew over a run: its mean rises from part to part (Mann, Econometrica 13, 1945, by Kendall's rank
 * correlation with time), and by as much as a rate beyond the capacity would make it. Few requests never tell.
 */
function backlogGrows(times: Omit<Times, 'startsMs'>): boolean {
  const backlog = backlogAtArrivals(times);
  const size = Math.floor(backlog.length / parts);
  if (size < leastRequests) return false;
  const means = Array.from({ length: parts }, (_, part) => {
    const own = backlog.subarray(part * size, (part + 1) * size);
    return own.reduce((sum, depth) => sum + depth, 0) / size;
  });
  const rising = means.flatMap((mean, i) => means.slice(i + 1).filter((later) => later > mean)).length;
  const growth = ((means.at(-1) ?? 0) - (means[0] ?? 0)) * (parts / (parts - 1));
  return rising >= risingPairs && growth / backlog.length > leftBehind;
}

/**
 * Whether a server keeps up with what arrives: everything was answered, hardly later than it arrived, and the queue did
 * not grow.
 */
export function isStable(times: Times): boolean {
  const { arrivalsMs, startsMs, endsMs } = times;
  const lastArrivalMs = arrivalsMs.at(-1) ?? 0;
  let lastEndMs = lastArrivalMs;
  let busyMs = 0;
  for (const [request, endMs] of endsMs.entries()) {
    if (Number.isNaN(endMs)) return false;
    lastEndMs = Math.max(lastEndMs, endMs);
    busyMs += endMs - (startsMs[request] ?? endMs);
  }
  const behindMs = lastEndMs - lastArrivalMs - lastServices * (busyMs / endsMs.length);
  return behindMs <= (1 / keptUp - 1) * lastArrivalMs && !backlogGrows(times);
}
