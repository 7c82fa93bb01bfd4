import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { RoofStore } from '../../profile/roofs/roof-store.ts';
import { writeAtomically } from '../write-atomically.ts';

/** Where a user's caches are. */
export interface CachePlace {
  readonly platform: NodeJS.Platform;
  /** The user's home. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The user's folder for what can be made again: `XDG_CACHE_HOME` where it is set (XDG Base Directory Specification 0.8,
 * which has relative ones ignored), else where the system keeps caches.
 */
export function cacheFolder({ platform, home, env }: CachePlace): string {
  const { XDG_CACHE_HOME: wanted = '', LOCALAPPDATA: local = '' } = env;
  if (wanted.startsWith('/')) return join(wanted, 'infer');
  if (platform === 'win32') return join(local === '' ? join(home, 'AppData', 'Local') : local, 'infer', 'cache');
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'infer') : join(home, '.cache', 'infer');
}

/** Measured roofs in a file. That it cannot be read or written costs some seconds in the next run, and nothing else. */
export function roofFile(place: CachePlace): RoofStore {
  const path = join(cacheFolder(place), 'roofs.json');
  return {
    read: () => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    write: (text) => {
      try {
        writeAtomically(path, text);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
    },
  };
}
