export interface ClockPair {
  readonly readRemoteMs: () => Promise<number>;
  readonly now: () => number;
}

const readings = 8;

/**
 * What to add to the own clock for another one that is read over a connection: the remote time is taken for that of
 * the middle of its reading, and the quickest reading is off by half of its time at most (Cristian's algorithm, 1989).
 */
export async function bestClockOffsetMs({ readRemoteMs, now }: ClockPair): Promise<number> {
  let best = { tookMs: Infinity, offsetMs: 0 };
  for (let reading = 0; reading < readings; reading++) {
    const beganMs = now();
    const remoteMs = await readRemoteMs();
    const tookMs = now() - beganMs;
    if (tookMs < best.tookMs) best = { tookMs, offsetMs: remoteMs - (beganMs + tookMs / 2) };
  }
  return best.offsetMs;
}
