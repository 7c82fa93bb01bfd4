import { describe, expect, it } from 'vitest';
import { environmentSchema } from '../../../src/result/envelope.ts';
import type { HardwareSource } from '../../../src/runtime/hardware/hardware-source.ts';
import { readEnvironment } from '../../../src/runtime/hardware/read-environment.ts';
import { systemSource } from '../../../src/runtime/hardware/system-source.ts';
import { dockerV2, playedMachine } from './played-machine.ts';

const software = { node: 'v20.20.2', onnxruntime: '1.30.0', providers: ['cpu'] };
const base = {
  ...dockerV2,
  '/proc/cpuinfo':
    'processor\t: 0\nmodel name\t: AMD EPYC 7B13\ncpu MHz\t\t: 2450.000\nflags\t\t: sse4_2 avx avx2 fma\n',
};

const runsNvidiaSmi = (file: string) => Promise.resolve(file === 'nvidia-smi' ? 'Tesla T4, 535.1, 15360' : null);

async function fingerprintOf(files: Record<string, string>, overrides: Partial<HardwareSource> = {}) {
  return (await readEnvironment(playedMachine(files, overrides), software)).fingerprint;
}

describe('readEnvironment', () => {
  it('joins what its readers found', async () => {
    const files = { ...base, '/etc/os-release': 'PRETTY_NAME="Ubuntu 22.04.4 LTS"\n', '/.dockerenv': '' };
    expect(await readEnvironment(playedMachine(files, { run: runsNvidiaSmi }), software)).toMatchObject({
      os: { platform: 'linux', release: '6.1.0-18-amd64', arch: 'x64', distribution: 'Ubuntu 22.04.4 LTS' },
      cpu: { model: 'AMD EPYC 7B13', quotaCores: 1.5, usableCores: 1 },
      memory: { limitBytes: 2 ** 31 },
      container: 'docker',
      gpus: [{ name: 'Tesla T4' }],
      ...software,
    });
  });

  it('reads this very machine into the schema of results', async () => {
    const environment = await readEnvironment(systemSource(), software);
    expect(environmentSchema.parse(environment)).toEqual(environment);
    expect(environment.cpu.usableCores).toBeLessThanOrEqual(environment.cpu.logicalCores);
  });

  it('treats a program that is absent as silent', async () => {
    expect(await systemSource().run('no-such-program-at-all', [])).toBeNull();
    expect(systemSource().readText('/no/such/file')).toBeNull();
  });
});

describe('fingerprint', () => {
  it('is 16 hexadecimal digits and the same for the same machine', async () => {
    expect(await fingerprintOf(base)).toMatch(/^[\da-f]{16}$/);
    expect(await fingerprintOf(base)).toBe(await fingerprintOf(base));
  });

  it('ignores load, free memory, the current clock and the kernel patch level', async () => {
    const later = {
      ...base,
      '/proc/cpuinfo': base['/proc/cpuinfo'].replace('2450.000', '3100.000'),
      '/proc/meminfo': base['/proc/meminfo'].replace('12288000', '1000000'),
    };
    const overrides = { release: '6.1.0-25-amd64', loadAverage: 9, nowMs: () => 99 };
    expect(await fingerprintOf(later, overrides)).toBe(await fingerprintOf(base));
  });

  it.each([
    ['processor', { ...base, '/proc/cpuinfo': base['/proc/cpuinfo'].replace('7B13', '7R13') }, {}],
    ['instruction sets', { ...base, '/proc/cpuinfo': base['/proc/cpuinfo'].replace(' fma', '') }, {}],
    ['quota', { ...base, '/sys/fs/cgroup/cpu.max': '160000 100000\n' }, {}],
    ['architecture', base, { arch: 'arm64' }],
    ['GPU driver', base, { run: () => Promise.resolve('Tesla T4, 550.54.15, 15360') }],
  ])('changes with the %s', async (_, files, overrides) => {
    expect(await fingerprintOf(files, overrides)).not.toBe(await fingerprintOf(base));
  });
});
