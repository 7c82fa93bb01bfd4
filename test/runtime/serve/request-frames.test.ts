import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrames, FrameDecoder } from '../../../src/runtime/serve/request-frames.ts';
import type { RequestFrame } from '../../../src/runtime/serve/request-frames.ts';

it('gives back what was sent, however it was cut on its way', () => {
  const number = fc.nat({ max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(number, fc.array(number), fc.array(fc.nat({ max: 20 })), (turn, requests, cuts) => {
      const bytes = encodeFrames(turn, requests);
      const decoder = new FrameDecoder();
      const seen: RequestFrame[] = [];
      let at = 0;
      for (const length of [...cuts, bytes.length]) {
        decoder.decode(bytes.subarray(at, at + length), (frame) => seen.push(frame));
        at += length;
      }
      expect(seen).toEqual(requests.map((request) => ({ turn, request })));
    }),
  );
});
