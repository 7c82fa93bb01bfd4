import { describe, expect, it, vi } from 'vitest';
import { benchProgress } from '../../src/cli/bench-progress.ts';
import type { Io } from '../../src/cli/io.ts';

const spinner = { start: () => spinner, stop: vi.fn<() => void>(), clear: vi.fn<() => void>(), text: '' };
const ora = vi.hoisted(() => vi.fn<(options: object) => object>());
vi.mock('ora', () => ({ default: ora.mockImplementation(() => spinner) }));

/** A terminal; only what progress looks at. */
const ioWith = (env: Record<string, string>, columns = 80) =>
  ({ stderr: { isTTY: true, columns, write: () => true }, env: { TERM: 'xterm', ...env } }) as unknown as Io;

describe('the spinner', () => {
  it.each([
    [{}, 'cyan'],
    [{ NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '0' }, false],
  ])('with %j has the color %s', async (env, color) => {
    await benchProgress(ioWith(env), false);
    expect(ora).toHaveBeenLastCalledWith(expect.objectContaining({ color, discardStdin: false }));
  });

  it('does not turn in CI, nor when quiet, nor on a terminal without columns', async () => {
    ora.mockClear();
    await benchProgress(ioWith({ CI: 'true' }), false);
    await benchProgress(ioWith({}), true);
    await benchProgress(ioWith({}, 0), false);
    expect(ora).not.toHaveBeenCalled();
  });
});
