import { describe, expect, it } from 'vitest';
import { describeProfileEvent, profileProgress } from '../../src/cli/profile-progress.ts';
import type { Io } from '../../src/cli/io.ts';

describe('describeProfileEvent', () => {
  it.each([
    [{ kind: 'probing', model: 'm.onnx', ep: 'cpu' }, 'trying m.onnx on cpu'],
    [{ kind: 'optimizing', model: 'm.onnx' }, 'asking the runtime what it makes of m.onnx'],
    [{ kind: 'block', subject: 0, profiled: true, round: 0, rounds: 5 }, 'round 1 of 5: profiled runs'],
    [
      { kind: 'block', subject: 1, profiled: false, round: 2, rounds: 5 },
      'round 3 of 5: plain runs, what it is compared with',
    ],
    [{ kind: 'roofs', ep: 'cpu', threads: 1 }, 'measuring what cpu reaches at best with 1 thread'],
    [{ kind: 'roofs', ep: 'cpu', threads: 4 }, 'measuring what cpu reaches at best with 4 threads'],
  ] as const)('%j is %s', (event, text) => expect(describeProfileEvent(event)).toBe(text));
});

describe('profileProgress', () => {
  it('says nothing where nobody watches', async () => {
    const written: string[] = [];
    const io = { stderr: { write: (text: string) => written.push(text) }, env: {} } as unknown as Io;
    for (const quiet of [false, true]) {
      const { onEvent, stop } = await profileProgress(io, quiet);
      onEvent({ kind: 'probing', model: 'm.onnx', ep: 'cpu' });
      stop();
    }
    expect(written).toEqual([]);
  });
});
