import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { withGateLock } from '../../../src/commands/gating/gate-lock.ts';
import type { LockHolder } from '../../../src/commands/gating/gate-lock.ts';
import { InferError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';

let files = temporaryFolder();
const all = [files];
beforeEach(() => {
  files = temporaryFolder();
  all.push(files);
});
afterAll(() => all.forEach(({ remove }) => remove()));

const lock = () => join(files.folder, 'infer-gate.lock');
const holder = (owner: string, pid: number): LockHolder => ({
  owner,
  pid,
  since: '2026-11-28T12:00:00.000Z',
  folder: `/repo/${owner}`,
});

/** A gate of a process of its own, with a clock that only sleeping moves. */
class Gate {
  waits: LockHolder[] = [];
  slept = 0;
  /** What happens in the meantime, by the number of the sleep. */
  meanwhile: (sleep: number) => void = () => undefined;
  readonly cleanups = new Set<() => void>();
  readonly gone = new Set<string>();
  readonly owner: string;
  readonly signal = new AbortController();

  constructor(owner: string) {
    this.owner = owner;
  }

  run<T>(work: () => Promise<T> | T, timeoutMs = 60_000): Promise<T> {
    const { owner: _, ...self } = holder(this.owner, 100);
    return withGateLock(
      {
        workplace: {
          owner: this.owner,
          isGone: (owner) => this.gone.has(owner),
          temporaryFolder: files.folder,
          onExit: (cleanup) => {
            this.cleanups.add(cleanup);
            return () => void this.cleanups.delete(cleanup);
          },
        },
        self,
        timeoutMs,
        onWait: (other) => this.waits.push(other),
        signal: this.signal.signal,
        sleep: async (ms, signal) => {
          this.slept += ms;
          this.meanwhile(this.slept / 500);
          signal?.throwIfAborted();
        },
      },
      async () => work(),
    );
  }
}

const sentenceOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('one gate at a time', () => {
  it('holds the lock while it runs, and leaves nothing behind', async () => {
    const gate = new Gate('a');
    const found = await gate.run(() => JSON.parse(readFileSync(lock(), 'utf8')) as unknown);
    expect(found).toEqual(holder('a', 100));
    expect(readdirSync(files.folder)).toEqual([]);
    expect([gate.slept, gate.waits, gate.cleanups.size]).toEqual([0, [], 0]);
  });

  it('lets it go when the gate fails', async () => {
    await expect(new Gate('a').run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock())).toBe(false);
  });

  it('waits for the other one, and says once for whom', async () => {
    writeFileSync(lock(), JSON.stringify(holder('a', 1)));
    const gate = new Gate('b');
    gate.meanwhile = (sleep) => {
      if (sleep === 3) writeFileSync(lock(), JSON.stringify(holder('c', 7)));
      if (sleep === 5) rmSync(lock());
    };
    expect(await gate.run(() => 'done')).toBe('done');
    expect(gate.waits).toEqual([holder('a', 1), holder('c', 7)]);
    expect(readdirSync(files.folder)).toEqual([]);
  });

  it('gives up after the time that it was given', async () => {
    writeFileSync(lock(), JSON.stringify(holder('a', 4711)));
    const gate = new Gate('b');
    expect(await sentenceOf(gate.run(() => 'never', 2000))).toBe(
      'another gate has been running on this machine since 2026-11-28T12:00:00.000Z (process 4711, in /repo/a) and did not end within 2.00 s: two at once would measure each other; ' +
        `wait for it, give a longer --lock-timeout, or remove ${lock()} if there is no such gate`,
    );
    expect(gate.slept).toBe(2000);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual(holder('a', 4711));
    expect(readdirSync(files.folder)).toHaveLength(1);
  });

  it('ends waiting when it is interrupted', async () => {
    writeFileSync(lock(), JSON.stringify(holder('a', 4711)));
    const gate = new Gate('b');
    gate.meanwhile = () => gate.signal.abort();
    await expect(gate.run(() => 'never')).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a lock that nobody holds any more is taken over', () => {
  it.each([
    ['of a process that is gone', JSON.stringify(holder('gone', 4711))],
    ['of this very process id in an earlier life of the container', JSON.stringify(holder('b', 100))],
    ['that holds something else', 'text'],
    ['of another shape', '{"owner":"a"}'],
    ['that is empty', ''],
  ])('%s', async (_, content) => {
    writeFileSync(lock(), content);
    const gate = new Gate('b');
    gate.gone.add('gone');
    expect(await gate.run(() => readFileSync(lock(), 'utf8'))).toContain('"owner":"b"');
    expect([gate.slept, gate.waits]).toEqual([0, []]);
    expect(readdirSync(files.folder)).toEqual([]);
  });

  it('goes when the process ends in the midst of it', async () => {
    const gate = new Gate('b');
    await gate.run(() => {
      for (const cleanup of gate.cleanups) cleanup();
      expect(existsSync(lock())).toBe(false);
    });
  });

  it('is not taken from another that was quicker', async () => {
    await new Gate('a').run(async () => {
      const held = readFileSync(lock(), 'utf8');
      expect(await sentenceOf(new Gate('b').run(() => 'never', 500))).toMatch(/another gate has been running/);
      expect(readFileSync(lock(), 'utf8')).toBe(held);
    });
  });
});
