import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { encodeFrames, lastFrame } from '../../../src/runtime/serve/request-frames.ts';
import { RequestQueue } from '../../../src/runtime/serve/request-queue.ts';
import { serveRequests } from '../../../src/runtime/serve/serve-requests.ts';

/** A queue on a clock that the test sets, and what was written to its stream. */
function queueAt(clock: { nowMs: number }) {
  const written: Uint8Array[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Uint8Array, _, done) => {
      written.push(chunk);
      done();
    },
  });
  const queue = new RequestQueue(stream, () => clock.nowMs);
  const receive = (turn: number, ...requests: readonly number[]) => stream.push(encodeFrames(turn, requests));
  return { queue, receive, written };
}

const turn = { turn: 1, endAtMs: 1000, acknowledges: false };

describe('requests that wait', () => {
  it('come out as they came in, and end with the schedule', async () => {
    const { queue, receive } = queueAt({ nowMs: 0 });
    queue.begin(turn);
    receive(1, 0, 1);
    receive(1, 2, lastFrame);
    expect([await queue.next(), await queue.next(), await queue.next(), await queue.next()]).toEqual([0, 1, 2, null]);
  });

  it('are waited for', async () => {
    const { queue, receive } = queueAt({ nowMs: 0 });
    queue.begin(turn);
    const first = queue.next();
    setImmediate(() => receive(1, 7));
    expect(await first).toBe(7);
  });

  it('of another schedule are dropped when it is over, and kept when it has not begun', async () => {
    const { queue, receive } = queueAt({ nowMs: 0 });
    queue.begin(turn);
    receive(1, 0, 1);
    receive(2, 10, 11, lastFrame);
    expect(await queue.next()).toBe(0);
    queue.begin({ ...turn, turn: 2 });
    receive(1, 5);
    expect([await queue.next(), await queue.next(), await queue.next()]).toEqual([10, 11, null]);
  });

  it('are not begun when the time is over', async () => {
    const clock = { nowMs: 0 };
    const { queue, receive } = queueAt(clock);
    queue.begin(turn);
    receive(1, 0, 1);
    expect(await queue.next()).toBe(0);
    clock.nowMs = 1000;
    expect(await queue.next()).toBeNull();
  });

  it('are acknowledged where that was asked for', () => {
    const { queue, written } = queueAt({ nowMs: 0 });
    queue.begin(turn);
    queue.answered(3);
    expect(written).toEqual([]);
    queue.begin({ ...turn, turn: 2, acknowledges: true });
    queue.answered(4);
    expect(Buffer.concat(written)).toEqual(Buffer.from(encodeFrames(2, [4])));
  });
});

it('answers requests one after another with the inputs in turn, and keeps their times', async () => {
  let nowMs = 0;
  const fed: string[] = [];
  const answered: number[] = [];
  const waiting: (number | null)[] = [0, 1, 4, null];
  const log = await serveRequests(
    {
      session: {
        run: async (feeds: string) => {
          fed.push(feeds);
          nowMs += 5;
        },
      },
      pool: ['a', 'b', 'c'],
      source: { next: async () => waiting.shift() ?? null, answered: (request) => void answered.push(request) },
      now: () => (nowMs += 1),
    },
    100,
  );
  expect(fed).toEqual(['a', 'b', 'b']);
  expect(answered).toEqual([0, 1, 4]);
  expect([...log.requests]).toEqual([0, 1, 4]);
  expect([...log.startsMs]).toEqual([101, 108, 115]);
  expect([...log.endsMs]).toEqual([107, 114, 121]);
});
