import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attach, detach, SideChannel } from '../../src/runtime/side-channel.ts';

/** What arrives when a message and its parts are sent, the parts cut anywhere on their way. */
async function sent(message: unknown, cut = 65_536): Promise<unknown> {
  const stream = new PassThrough();
  const channel = SideChannel.over(stream);
  const { message: rest, parts } = detach(message);
  const bytes = Buffer.concat(parts);
  for (let at = 0; at < bytes.length; at += cut) channel.write([bytes.subarray(at, at + cut)]);
  return attach(structuredClone(rest), channel);
}

const array = fc.oneof(
  fc.float32Array({ maxLength: 3000 }),
  fc.uint8Array({ maxLength: 9000 }),
  fc.int32Array({ maxLength: 2500 }),
  fc.bigInt64Array({ maxLength: 1200 }),
);
const tensor = fc.record({ type: fc.constant('float32'), dims: fc.array(fc.nat(9)), data: array });

describe('the channel beside messages', () => {
  it('brings every array back to its place, bit for bit, however it was cut', async () => {
    const message = fc.record({ id: fc.nat(), feeds: fc.dictionary(fc.string(), tensor), list: fc.array(tensor) });
    const property = fc.asyncProperty(message, fc.integer({ min: 1, max: 9000 }), async (given, cut) => {
      expect(await sent(given, cut)).toEqual(structuredClone(given));
    });
    await fc.assert(property, { seed: 5, numRuns: 60 });
  });

  it('is not fooled by an input of the name it uses itself', async () => {
    const message = { feeds: { detachedArray: { type: 'float32', dims: [2000], data: new Float32Array(2000) } } };
    expect(await sent(message)).toEqual(message);
  });

  it('leaves texts, numbers, null and short arrays in the message', async () => {
    const message = { a: ['x', 'y'], b: [1, 2.5], c: null, d: 'text', e: new Float32Array(8), f: undefined };
    expect(detach(message).parts).toEqual([]);
    expect(await sent(message)).toEqual(message);
  });

  it('sends the part of a buffer that an array sees, and gives a buffer of its own', async () => {
    const whole = Float32Array.from({ length: 4096 }, (_, at) => at);
    const received = await sent({ data: whole.subarray(1000, 3000) });
    expect(received).toEqual({ data: whole.slice(1000, 3000) });
    expect(detach({ data: whole.subarray(1000, 3000) }).parts[0]?.byteLength).toBe(8000);
  });
});
