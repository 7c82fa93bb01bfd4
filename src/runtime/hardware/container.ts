import type { HardwareSource } from './hardware-source.ts';

/** Groups named by container managers, in `/proc/self/cgroup` of hosts without group namespaces. */
const groupNames: readonly (readonly [RegExp, string])[] = [
  [/kubepods/, 'kubernetes'],
  [/libpod/, 'podman'],
  [/docker/, 'docker'],
  [/containerd/, 'containerd'],
  [/lxc/, 'lxc'],
];

/** The manager of the container this process is in, outermost first; null outside of one. WSL counts as one. */
export function detectContainer({ readText, env }: Pick<HardwareSource, 'readText' | 'env'>): string | null {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'kubernetes';
  const groups = readText('/proc/self/cgroup') ?? '';
  const named = groupNames.find(([pattern]) => pattern.test(groups))?.[1];
  if (named !== undefined) return named;
  if (readText('/.dockerenv') !== null) return 'docker';
  if (readText('/run/.containerenv') !== null) return 'podman';
  // Set by podman, LXC and systemd-nspawn for the first process, whose environment the others inherit.
  if (env['container'] !== undefined && env['container'] !== '') return env['container'];
  return /microsoft/i.test(readText('/proc/version') ?? '') ? 'wsl' : null;
}

/** The distribution's name and version as it writes it itself. */
export function parseDistribution(osRelease: string | null): string | null {
  const value = /^PRETTY_NAME=(.*)$/m.exec(osRelease ?? '')?.[1]?.trim();
  return value?.replace(/^(["'])(.*)\1$/, '$2') || null;
}
