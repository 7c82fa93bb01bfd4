import { describe, expect, it } from 'vitest';
import { issueRequests } from '../../../src/runtime/serve/issue-requests.ts';

/** Issues on a clock that sleeping moves, plus what `oversleepMs` says, and handing over as well. */
async function issue(arrivals: readonly number[], oversleepMs: (atMs: number) => number = () => 0, endAtMs = 1e6) {
  let nowMs = 0;
  const sent: [number, number][] = [];
  const issuedMs = await issueRequests({
    arrivalsMs: Float64Array.from(arrivals),
    startAtMs: 100,
    endAtMs,
    now: () => nowMs,
    sleepUntil: async (atMs) => {
      nowMs = Math.max(nowMs, atMs) + oversleepMs(atMs);
    },
    send: (from, to) => {
      sent.push([from, to]);
      nowMs += 0.5;
    },
  });
  return { issuedMs: [...issuedMs], sent };
}

describe('issuing by a schedule', () => {
  it('waits for each, and counts handing over as lateness', async () => {
    const { issuedMs, sent } = await issue([0, 10, 30]);
    expect(sent).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(issuedMs).toEqual([0.5, 10.5, 30.5]);
  });

  it('issues all that are overdue at once, and drops none', async () => {
    // Held up for 25 ms at the second request.
    const { issuedMs, sent } = await issue([0, 10, 20, 30, 50, 90], (atMs) => (atMs === 110 ? 25 : 0));
    expect(sent).toEqual([
      [0, 1],
      [1, 4],
      [4, 5],
      [5, 6],
    ]);
    expect(issuedMs).toEqual([0.5, 35.5, 35.5, 35.5, 50.5, 90.5]);
  });

  it('issues requests of one moment together', async () => {
    expect((await issue([5, 5, 5])).sent).toEqual([[0, 3]]);
  });

  it('tells what it never issued', async () => {
    const { issuedMs } = await issue([0, 10, 20, 30], (atMs) => (atMs === 110 ? 1000 : 0), 500);
    expect(issuedMs).toEqual([0.5, Number.NaN, Number.NaN, Number.NaN]);
  });
});
