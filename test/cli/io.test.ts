import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processIo, wantsColor } from '../../src/cli/io.ts';

const colorOf = (isTTY: boolean, env: Record<string, string>) =>
  wantsColor({ write: () => true, isTTY }, { TERM: 'xterm', ...env });

describe('wantsColor', () => {
  it.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR over NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR=false on a terminal', true, { FORCE_COLOR: 'false' }, false],
    ['an empty FORCE_COLOR, which says nothing', false, { FORCE_COLOR: '' }, false],
  ])('%s', (_, isTTY, env, wanted) => {
    expect(colorOf(isTTY, env)).toBe(wanted);
  });
});

/** The parts of a process that the command line touches. */
function playedProcess({ isTTY = false, env = {} }: { isTTY?: boolean; env?: Record<string, string> } = {}) {
  const stream = () => Object.assign(new EventEmitter(), { isTTY, write: () => true });
  return Object.assign(new EventEmitter(), {
    stdin: stream(),
    stdout: stream(),
    stderr: stream(),
    env,
    cwd: () => '/here',
  });
}

/** Only the members above are used. */
const ioOf = (played: ReturnType<typeof playedProcess>) => processIo(played as unknown as NodeJS.Process);

describe('processIo', () => {
  it('can ask a person on a terminal, but not in CI or through a pipe', () => {
    expect(ioOf(playedProcess({ isTTY: true })).isInteractive).toBe(true);
    expect(ioOf(playedProcess({ isTTY: true, env: { CI: 'true' } })).isInteractive).toBe(false);
    expect(ioOf(playedProcess()).isInteractive).toBe(false);
  });

  it.each(['stdout', 'stderr'] as const)('does not mind a reader of %s that left', (name) => {
    const played = playedProcess();
    ioOf(played);
    played[name].emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(() => played[name].emit('error', Object.assign(new Error('write EIO'), { code: 'EIO' }))).toThrow('EIO');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('takes %s for an interruption until told to stop', (signal) => {
    const played = playedProcess();
    let interruptions = 0;
    const stop = ioOf(played).onInterrupt(() => (interruptions += 1));
    played.emit(signal);
    expect(interruptions).toBe(1);
    stop();
    expect(played.listenerCount(signal)).toBe(0);
  });
});
