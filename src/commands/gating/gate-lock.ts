import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwritable, UsageError } from '../../errors.ts';
import type { Workplace } from '../../onnx/file/workplace.ts';

/** Who holds the lock. */
export interface LockHolder {
  /** Names process and machine, as {@link Workplace} does. */
  readonly owner: string;
  readonly pid: number;
  readonly since: string;
  /** Where it runs. */
  readonly folder: string;
}

export interface GateLockOptions {
  readonly workplace: Workplace;
  /** What others are told of this gate. */
  readonly self: Omit<LockHolder, 'owner'>;
  /** Longest wait. */
  readonly timeoutMs: number;
  /** Told once for each gate that is waited for. */
  readonly onWait: (holder: LockHolder) => void;
  readonly signal?: AbortSignal | undefined;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const pollMs = 500;

/** One name for all gates of the machine. */
const lockName = 'infer-gate.lock';

/**
 * Runs a gate while no other one runs on this machine: two at once would measure each other. Waits for the other; the
 * lock of a process that is gone is taken over. Throws UsageError `gate-locked` when the wait is too long.
 */
export async function withGateLock<T>(options: GateLockOptions, gate: () => Promise<T>): Promise<T> {
  const release = await acquire(options);
  const forget = options.workplace.onExit(release);
  try {
    return await gate();
  } finally {
    forget();
    release();
  }
}

async function acquire(options: GateLockOptions): Promise<() => void> {
  const { workplace, self, timeoutMs, onWait, signal, sleep } = options;
  const path = join(workplace.temporaryFolder, lockName);
  const own = JSON.stringify({ owner: workplace.owner, ...self });
  let told = '';
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    signal?.throwIfAborted();
    if (take(path, own)) return () => release(path, own);
    const found = contentOf(path);
    const holder = found === null ? null : holderIn(found);
    if (found !== null && (holder === null || isStale(holder, path, workplace))) {
      removeStale(path, found);
      if (take(path, own)) return () => release(path, own);
    } else if (holder !== null && found !== null) {
      if (waitedMs >= timeoutMs) throw tooLong(path, holder, waitedMs);
      if (found !== told) onWait(holder);
      told = found;
    }
    await sleep(pollMs, signal);
  }
}

/** Locks of this very process: a container that was started again has the same process ids as before. */
const held = new Set<string>();

function isStale({ owner }: LockHolder, path: string, workplace: Workplace): boolean {
  return workplace.isGone(owner) || (owner === workplace.owner && !held.has(path));
}

function tooLong(path: string, { pid, since, folder }: LockHolder, waitedMs: number): UsageError {
  return new UsageError('gate-locked', { path, pid, since, folder, waitedMs });
}

/** Whether the lock is ours now. A link appears whole or not at all: nobody reads half of a lock. */
function take(path: string, own: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, own, { flag: 'wx' });
    linkSync(draft, path);
    held.add(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw unwritable(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Null where it has just been released. */
function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw unwritable(path, error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

/** Null for what no gate has written. */
function holderIn(text: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const [owner, pid, since, folder] = ['owner', 'pid', 'since', 'folder'].map((key): unknown =>
      Reflect.get(value, key),
    );
    const isHolder =
      typeof owner === 'string' && typeof pid === 'number' && typeof since === 'string' && typeof folder === 'string';
    return isHolder ? { owner, pid, since, folder } : null;
  } catch {
    return null;
  }
}

/** Two that find the same stale lock must not remove each other's new one: what is moved away is looked at again. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
  } catch (error) {
    // Another one was quicker; it is waited for like any other.
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw unwritable(path, error);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Only what is still ours. */
function release(path: string, own: string): void {
  held.delete(path);
  try {
    if (readFileSync(path, 'utf8') === own) rmSync(path, { force: true });
  } catch {
    // Gone already, or out of reach: the next gate takes over what a gone process left.
  }
}
