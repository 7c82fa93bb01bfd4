import { createHash } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import type { Workplace } from '../onnx/file/workplace.ts';

/** This process, by its id and (several machines may share a folder) its host: files that go with it are named so. */
export function thisWorkplace(): Workplace {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return {
    owner: `${process.pid}-${host}`,
    isGone: (owner) => {
      const [pid = '', otherHost] = owner.split('-');
      return otherHost === host && /^\d+$/.test(pid) && !isRunning(Number(pid));
    },
    temporaryFolder: tmpdir(),
    onExit: (cleanup) => {
      process.off('exit', cleanUp);
      process.once('exit', cleanUp);
      cleanups.add(cleanup);
      return () => void cleanups.delete(cleanup);
    },
  };
}

const cleanups = new Set<() => void>();

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup();
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
