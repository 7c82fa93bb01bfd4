import { beforeEach, describe, expect, it, vi } from 'vitest';
import { describeEvaluateEvent, evaluateProgress } from '../../src/cli/evaluate-progress.ts';
import type { Io } from '../../src/cli/io.ts';

const spinner = { start: () => spinner, stop: vi.fn<() => void>(), clear: vi.fn<() => void>(), text: '' };
const ora = vi.hoisted(() => vi.fn<(options: object) => object>());
vi.mock('ora', () => ({ default: ora.mockImplementation(() => spinner) }));
beforeEach(() => {
  ora.mockClear();
});

/** A terminal; only what progress looks at. */
const io = { stderr: { isTTY: true, columns: 80, write: () => true }, env: { TERM: 'xterm' } } as unknown as Io;

describe('evaluateProgress', () => {
  it('says what is going on', async () => {
    const { onEvent, stop } = await evaluateProgress(io, false);
    onEvent({ kind: 'opening', path: 'test.npz' });
    expect(spinner.text).toBe('opening test.npz');
    stop();
    expect(spinner.stop).toHaveBeenCalledOnce();
  });

  it('says nothing when quiet', async () => {
    const { onEvent, stop } = await evaluateProgress(io, true);
    onEvent({ kind: 'loading', model: 'm.onnx' });
    stop();
    expect(ora).not.toHaveBeenCalled();
  });
});

describe('describeEvaluateEvent', () => {
  it.each([
    [{ kind: 'loading', model: 'm.onnx' }, 'loading m.onnx'],
    [
      { kind: 'samples', done: 500, of: 20_000, elapsedMs: 1000 },
      '500 of 20,000 samples, 500 a second, about 39.0 s left',
    ],
    [{ kind: 'samples', done: 1, of: 1, elapsedMs: 20 }, '1 of 1 sample, 50.0 a second'],
    [{ kind: 'samples', done: 64, of: 128, elapsedMs: 0 }, '64 of 128 samples'],
  ] as const)('%j is %s', (event, text) => expect(describeEvaluateEvent(event)).toBe(text));
});
