import type { ReadText } from './hardware-source.ts';

const mount = '/sys/fs/cgroup';

/** The control groups a process is in, for one resource. */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** Reads a file of one group: the process's own first, then its ancestors up to the root that is visible. */
  readonly levels: readonly ReadText[];
}

/**
 * The groups that bound this process's processor or memory; null without control groups.
 *
 * `/proc/self/cgroup` may name a path of the host that the container cannot see: those levels read as absent, and the
 * root of the container's own mount, which is its group, is reached by walking up. Format: cgroups(7).
 */
export function cgroupHierarchy(readText: ReadText, controller: 'cpu' | 'memory'): CgroupHierarchy | null {
  const groups = parseMembership(readText('/proc/self/cgroup') ?? '');
  const legacy = groups.find((group) => group.controllers.includes(controller));
  if (legacy !== undefined) {
    // Distributions mount a combined hierarchy under its full name and, usually, link each controller to it.
    const bases = [`${mount}/${controller}`, `${mount}/${legacy.controllers.join(',')}`];
    return { version: 1, levels: levelsOf(legacy.path, bases, readText) };
  }
  const unified = groups.find((group) => group.controllers.length === 0);
  return unified === undefined ? null : { version: 2, levels: levelsOf(unified.path, [mount], readText) };
}

interface Membership {
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Lines of `id:controllers:path`; version 2 has id 0 and no controllers. */
function parseMembership(text: string): readonly Membership[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (match === null) return [];
    const [, controllers = '', path = '/'] = match;
    return [{ controllers: controllers.split(',').filter((name) => name !== ''), path }];
  });
}

function levelsOf(path: string, bases: readonly string[], readText: ReadText): readonly ReadText[] {
  // A group outside the process's namespace shows as `/../x`: only the part below the mount can be there.
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '..');
  return Array.from({ length: segments.length + 1 }, (_, up) => {
    const folder = segments.slice(0, segments.length - up).join('/');
    return (file) => readFirst(bases, folder === '' ? file : `${folder}/${file}`, readText);
  });
}

function readFirst(bases: readonly string[], file: string, readText: ReadText): string | null {
  for (const base of bases) {
    const text = readText(`${base}/${file}`);
    if (text !== null) return text;
  }
  return null;
}
