import type { Duplex } from 'node:stream';
import { encodeFrames, FrameDecoder, lastFrame } from './request-frames.ts';
import type { RequestFrame } from './request-frames.ts';

/** A schedule, as whoever answers its requests knows it. */
export interface QueueTurn {
  readonly turn: number;
  /** On the queue's clock: nothing is begun from then on. */
  readonly endAtMs: number;
  /** Tells whoever issues the requests of each that was answered. */
  readonly acknowledges: boolean;
}

/** Requests that came in and wait, first come, first served. */
export class RequestQueue {
  readonly #stream: Duplex;
  readonly #now: () => number;
  readonly #decoder = new FrameDecoder();
  #turn: QueueTurn = { turn: 0, endAtMs: 0, acknowledges: false };
  #waiting: number[] = [];
  #head = 0;
  #isComplete = false;
  /** Of a schedule that this process was not told of yet. */
  #early: RequestFrame[] = [];
  #wake: (() => void) | null = null;

  /** @param now ms, on the clock of the turns' ends */
  constructor(stream: Duplex, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    stream.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    // That the other process is gone is told by the schedule's end, which comes at its time whatever happens.
    stream.on('error', () => undefined);
  }

  /** The schedule to answer from here on; what is left of those before it is dropped as it comes. */
  begin(turn: QueueTurn): void {
    this.#turn = turn;
    this.#waiting = [];
    this.#head = 0;
    this.#isComplete = false;
    for (const frame of this.#early.splice(0)) this.#take(frame);
  }

  /** The next request as soon as there is one; null when all were taken or the time is over. */
  async next(): Promise<number | null> {
    for (;;) {
      if (this.#now() >= this.#turn.endAtMs) return null;
      const request = this.#waiting[this.#head];
      if (request !== undefined) {
        this.#head += 1;
        return request;
      }
      if (this.#isComplete) return null;
      await this.#arrival();
    }
  }

  answered(request: number): void {
    const { turn, acknowledges } = this.#turn;
    if (acknowledges) this.#stream.write(encodeFrames(turn, [request]));
  }

  async #arrival(): Promise<void> {
    let timer: NodeJS.Timeout | null = null;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, Math.max(1, Math.ceil(this.#turn.endAtMs - this.#now())));
    });
    this.#wake = null;
    if (timer !== null) clearTimeout(timer);
  }

  #receive(chunk: Uint8Array): void {
    this.#decoder.decode(chunk, (frame) => this.#take(frame));
    this.#wake?.();
  }

  #take(frame: RequestFrame): void {
    const { turn } = this.#turn;
    if (frame.turn > turn) this.#early.push(frame);
    if (frame.turn !== turn) return;
    if (frame.request === lastFrame) this.#isComplete = true;
    else this.#waiting.push(frame.request);
  }
}
