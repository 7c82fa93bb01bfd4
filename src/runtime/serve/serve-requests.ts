import type { Runnable } from '../measure-loop.ts';
import { TimeRecorder } from '../time-recorder.ts';

/** Where requests come from, and who is told when one was answered. */
export interface RequestSource {
  next(): Promise<number | null>;
  answered(request: number): void;
}

export interface ServeLoopOptions<Feeds> {
  readonly session: Runnable<Feeds>;
  /** Inputs that requests cycle through by their number; at least one. */
  readonly pool: readonly Feeds[];
  readonly source: RequestSource;
  /** The clock that is read twice a request, in ms. */
  readonly now: () => number;
}

/** Requests in the order in which they were answered, and when. */
export interface ServedLog {
  readonly requests: Uint32Array;
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
}

/** Answers requests one after another until the source has no more. `offsetMs` is added to the clock's times. */
export async function serveRequests<Feeds>(options: ServeLoopOptions<Feeds>, offsetMs = 0): Promise<ServedLog> {
  const { session, pool, source, now } = options;
  const recorder = new TimeRecorder();
  const requests: number[] = [];
  for (;;) {
    const request = await source.next();
    if (request === null) return { requests: Uint32Array.from(requests), ...recorder.finish(offsetMs) };
    const feeds = pool[request % pool.length];
    if (feeds === undefined) throw new RangeError('the input pool is empty');
    const startMs = now();
    await session.run(feeds);
    recorder.add(startMs, now());
    requests.push(request);
    source.answered(request);
  }
}
