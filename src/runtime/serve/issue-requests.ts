export interface IssueOptions {
  /** Ascending, in ms from the start. */
  readonly arrivalsMs: Float64Array;
  /** On the clock, like `endAtMs`: from then on nothing is issued. */
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly now: () => number;
  /** Resolves when the clock is there, or as little later as it can. */
  readonly sleepUntil: (atMs: number) => Promise<void>;
  /** Hands requests over, from one number to below another. */
  readonly send: (from: number, to: number) => void;
}

/**
 * Issues each request when it is due, whatever became of those before it. Where the process was held up, all that are
 * overdue go out at once: none is dropped, none is put off.
 *
 * @returns when each was handed over, in ms from the start; NaN for those that were not before the end
 */
export async function issueRequests(options: IssueOptions): Promise<Float64Array> {
  const { arrivalsMs, startAtMs, endAtMs, now, sleepUntil, send } = options;
  const issuedMs = new Float64Array(arrivalsMs.length).fill(Number.NaN);
  const dueAtMs = (request: number): number => startAtMs + (arrivalsMs[request] ?? Infinity);
  for (let from = 0; from < arrivalsMs.length;) {
    await sleepUntil(Math.min(dueAtMs(from), endAtMs));
    const nowMs = now();
    if (nowMs >= endAtMs) break;
    let to = from;
    while (dueAtMs(to) <= nowMs) to += 1;
    if (to === from) continue;
    send(from, to);
    // Read after they went out: what handing over takes is lateness too.
    issuedMs.fill(now() - startAtMs, from, to);
    from = to;
  }
  return issuedMs;
}
