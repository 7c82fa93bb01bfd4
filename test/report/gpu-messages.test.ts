import { describe, expect, it } from 'vitest';
import { throttleReasons } from '../../src/runtime/gpu/throttle-reasons.ts';
import { describeFinding } from '../../src/report/messages/message.ts';
import { throttleName } from '../../src/report/messages/gpu-messages.ts';

describe('the sentences about a GPU', () => {
  it.each([
    [{ kind: 'absent' }, /^GPU 0 was not watched.*there is no nvidia-smi; install .*NVIDIA_DRIVER_CAPABILITIES/],
    [{ kind: 'hidden' }, /CUDA_VISIBLE_DEVICES shows no such device/],
    [{ kind: 'silent', waitedMs: 3000 }, /said nothing for 3\.00 s/],
    [{ kind: 'unreadable', said: '<html>.' }, /no answer \(<html>\)/],
    [{ kind: 'ended', exitCode: null, said: '' }, /nvidia-smi was ended; run it by hand$/],
    [{ kind: 'ended', exitCode: 9, said: 'no driver.' }, /ended with code 9 \(no driver\)/],
  ])('says why it was not watched: %j', (problem, sentence) => {
    const said = describeFinding({ code: 'gpu-unwatched', details: { device: 0, ...problem } });
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/undefined|null|\n/);
  });

  it('has words and a cure for every reason that the driver gives, and takes a new one as it is', () => {
    const said = throttleReasons.map((reason) =>
      describeFinding({ code: 'gpu-throttled', details: { reason, points: 1, worst: 0.5 } }),
    );
    expect(new Set(said).size).toBe(throttleReasons.length);
    for (const reason of throttleReasons) expect(throttleName(reason)).not.toBe(reason);
    expect(throttleName('new-reason')).toBe('new-reason');
  });
});
