import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { optimizeProgress } from '../../src/cli/optimize-progress.ts';

const spinner = { start: () => spinner, stop: vi.fn<() => void>(), clear: vi.fn<() => void>(), text: '' };
const ora = vi.hoisted(() => vi.fn<(options: object) => object>());
vi.mock('ora', () => ({ default: ora.mockImplementation(() => spinner) }));
beforeEach(() => {
  ora.mockClear();
  spinner.text = '';
});

/** A terminal; only what progress looks at. */
const io = { stderr: { isTTY: true, columns: 80, write: () => true }, env: { TERM: 'xterm' } } as unknown as Io;

describe('optimizeProgress', () => {
  it('says what is going on', async () => {
    const { onEvent, stop } = await optimizeProgress(io, false);
    onEvent({ kind: 'pass', pass: 'fold-constants', nodes: 12 });
    expect(spinner.text).toBe('fold-constants: 12 nodes');
    onEvent({ kind: 'verifying' });
    expect(spinner.text).toBe('comparing the outputs of both models');
    onEvent({ kind: 'saving', path: 'out.onnx' });
    expect(spinner.text).toBe('writing out.onnx');
    stop();
    expect(spinner.stop).toHaveBeenCalledOnce();
  });

  it('says nothing when quiet', async () => {
    const { onEvent, stop } = await optimizeProgress(io, true);
    onEvent({ kind: 'verifying' });
    stop();
    expect(ora).not.toHaveBeenCalled();
  });
});
