import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestClockOffsetMs } from '../../../../src/runtime/browser/page/clock-offset.ts';

const delay = fc.double({ min: 0, max: 50, noNaN: true });

describe('bestClockOffsetMs', () => {
  it('is off by at most half of the time that the quickest reading took', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.array(fc.tuple(delay, delay), { minLength: 8, maxLength: 8 }),
        async (offsetMs, delays) => {
          let nowMs = 1000;
          let reading = 0;
          const readRemoteMs = () => {
            const [there = 0, back = 0] = delays[reading++] ?? [];
            nowMs += there;
            const remoteMs = nowMs + offsetMs;
            nowMs += back;
            return Promise.resolve(remoteMs);
          };
          const found = await bestClockOffsetMs({ readRemoteMs, now: () => nowMs });
          const quickest = Math.min(...delays.map(([there, back]) => there + back));
          expect(Math.abs(found - offsetMs)).toBeLessThanOrEqual(quickest / 2 + 1e-5);
        },
      ),
    );
  });
});
