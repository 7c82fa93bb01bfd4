import { setImmediate } from 'node:timers/promises';

export interface SleepOptions {
  readonly now: () => number;
  /** Whether a processor is free to be kept busy for the last part. */
  readonly maySpin: boolean;
}

/** A thread that waits wakes up 0.1 to 0.2 ms late. */
const wakeSlackMs = 0.3;
/** Longest time without a turn of the event loop, which reads what came in and sends what could not go out at once. */
const longestDeafMs = 20;

/**
 * Sleeps to a time of the clock: blocked without using a processor, and the last 0.3 ms reading the clock where a
 * processor is free for it; elsewhere that would take the processor from what is measured. No timers: on a busy machine
 * one in a hundred is late by milliseconds. The event loop gets a turn in each sleep, before its last part.
 */
export class PreciseSleep {
  readonly #options: SleepOptions;
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));

  constructor(options: SleepOptions) {
    this.#options = options;
  }

  async until(atMs: number): Promise<void> {
    const { now, maySpin } = this.#options;
    for (;;) {
      const leftMs = atMs - now() - wakeSlackMs;
      if (leftMs > 0) this.#block(Math.min(leftMs, longestDeafMs));
      await setImmediate();
      if (leftMs <= longestDeafMs) break;
    }
    const restMs = atMs - now();
    if (!maySpin && restMs > 0) this.#block(restMs);
    while (now() < atMs);
  }

  #block(ms: number): void {
    Atomics.wait(this.#cell, 0, 0, ms);
  }
}
