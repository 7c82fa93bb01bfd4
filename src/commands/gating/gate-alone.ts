import { setTimeout } from 'node:timers/promises';
import { thisWorkplace } from '../../runtime/workplace.ts';
import type { LockHolder } from './gate-lock.ts';
import { withGateLock } from './gate-lock.ts';

export interface AloneOptions {
  readonly cwd: string;
  readonly now: Date;
  /** Where the lock lies; the system's folder for temporary files where nobody says. */
  readonly folder: string | undefined;
  readonly timeoutMs: number;
  readonly onWait: (holder: LockHolder) => void;
  readonly signal: AbortSignal;
}

/** Runs a gate once no other process of this machine runs one. Throws UsageError `gate-locked`. */
export function gateAlone<T>(options: AloneOptions, gate: () => Promise<T>): Promise<T> {
  const { cwd, now, folder, ...waiting } = options;
  const workplace = thisWorkplace();
  const [pid] = workplace.owner.split('-');
  return withGateLock(
    {
      ...waiting,
      workplace: { ...workplace, temporaryFolder: folder ?? workplace.temporaryFolder },
      self: { pid: Number(pid), since: now.toISOString(), folder: cwd },
      sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
    },
    gate,
  );
}
