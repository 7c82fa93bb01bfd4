import { describe, expect, it } from 'vitest';
import { detectContainer, parseDistribution } from '../../../src/runtime/hardware/container.ts';
import { dockerV1, dockerV2, hybridUnbounded, playedMachine } from './played-machine.ts';

const detect = (files: Record<string, string>, env: Record<string, string> = {}) =>
  detectContainer(playedMachine(files, { env }));

describe('detectContainer', () => {
  it.each([
    ['docker by its marker file', { ...dockerV2, '/.dockerenv': '' }, {}, 'docker'],
    ['docker by its group', dockerV1, {}, 'docker'],
    ['podman by its marker file', { ...dockerV2, '/run/.containerenv': 'engine="podman-4.9.3"\n' }, {}, 'podman'],
    [
      'kubernetes before the docker under it',
      { '/.dockerenv': '' },
      { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      'kubernetes',
    ],
    [
      'kubernetes by its group',
      { '/proc/self/cgroup': '0::/kubepods.slice/pod1/cri-containerd-1.scope\n' },
      {},
      'kubernetes',
    ],
    ['LXC by its environment', dockerV2, { container: 'lxc' }, 'lxc'],
    ['WSL 2', { '/proc/version': 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@1)' }, {}, 'wsl'],
  ] as const)('finds %s', (...[, files, env, name]) => expect(detect(files, env)).toBe(name));

  it('finds none on a plain machine', () => {
    expect(detect({ ...hybridUnbounded, '/proc/version': 'Linux version 6.1.0-18-amd64 (Debian)' })).toBeNull();
    expect(detect({})).toBeNull();
  });
});

describe('parseDistribution', () => {
  it('takes the pretty name, quoted or not', () => {
    expect(parseDistribution('NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 24.04.1 LTS"\n')).toBe('Ubuntu 24.04.1 LTS');
    expect(parseDistribution("PRETTY_NAME='Alpine Linux v3.20'\n")).toBe('Alpine Linux v3.20');
    expect(parseDistribution('PRETTY_NAME=Void\n')).toBe('Void');
    expect(parseDistribution(null)).toBeNull();
  });
});
