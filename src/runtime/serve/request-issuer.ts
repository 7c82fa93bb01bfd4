import type { Duplex } from 'node:stream';
import { monotonicNowMs } from '../monotonic-clock.ts';
import { issueRequests } from './issue-requests.ts';
import { PreciseSleep } from './precise-sleep.ts';
import { encodeFrames, FrameDecoder, lastFrame } from './request-frames.ts';

/** A schedule to issue. Times are on the clock that all processes share. */
export interface IssueOrder {
  readonly turn: number;
  readonly arrivalsMs: Float64Array;
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly maySpin: boolean;
}

/** One of the processes that answer, and how many of its requests are not answered yet. */
interface Outlet {
  readonly stream: Duplex;
  outstanding: number;
}

/** Issues schedules to processes that answer, each request to the one with the fewest unanswered, the first of several. */
export class RequestIssuer {
  readonly #outlets: readonly Outlet[];
  #turn = 0;

  constructor(streams: readonly Duplex[]) {
    this.#outlets = streams.map((stream) => ({ stream, outstanding: 0 }));
    for (const outlet of this.#outlets) this.#listen(outlet);
  }

  async issue({ turn, arrivalsMs, startAtMs, endAtMs, maySpin }: IssueOrder): Promise<Float64Array> {
    this.#turn = turn;
    for (const outlet of this.#outlets) outlet.outstanding = 0;
    const sleep = new PreciseSleep({ now: monotonicNowMs, maySpin });
    const issued = await issueRequests({
      arrivalsMs,
      startAtMs,
      endAtMs,
      now: monotonicNowMs,
      // What was answered meanwhile is read in its turn of the event loop, and decides who is free.
      sleepUntil: (atMs) => sleep.until(atMs),
      send: (from, to) => this.#send(from, to),
    });
    for (const { stream } of this.#outlets) stream.write(encodeFrames(turn, [lastFrame]));
    return issued;
  }

  #send(from: number, to: number): void {
    const shares = this.#outlets.map((): number[] => []);
    for (let request = from; request < to; request++) {
      const index = this.#leastBusy();
      shares[index]?.push(request);
      const outlet = this.#outlets[index];
      if (outlet !== undefined) outlet.outstanding += 1;
    }
    for (const [index, requests] of shares.entries())
      if (requests.length > 0) this.#outlets[index]?.stream.write(encodeFrames(this.#turn, requests));
  }

  #leastBusy(): number {
    let least = 0;
    for (const [index, { outstanding }] of this.#outlets.entries())
      if (outstanding < (this.#outlets[least]?.outstanding ?? 0)) least = index;
    return least;
  }

  #listen(outlet: Outlet): void {
    const decoder = new FrameDecoder();
    outlet.stream.on('data', (chunk: Uint8Array) =>
      decoder.decode(chunk, ({ turn }) => {
        if (turn === this.#turn) outlet.outstanding -= 1;
      }),
    );
    // A process that is gone is told of by whoever started it.
    outlet.stream.on('error', () => undefined);
  }
}
