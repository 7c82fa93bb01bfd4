import { describe, expect, it } from 'vitest';
import { readQuotaCores, readThrottledPeriods } from '../../../src/runtime/hardware/cpu-quota.ts';
import { readMemory } from '../../../src/runtime/hardware/read-memory.ts';
import { dockerV1, dockerV2, hybridUnbounded, nestedV2, playedMachine } from './played-machine.ts';

const quota = (files: Record<string, string>) => readQuotaCores(playedMachine(files).readText);
const throttled = (files: Record<string, string>) => readThrottledPeriods(playedMachine(files).readText);

describe('readQuotaCores', () => {
  it('reads docker --cpus under cgroup v2', () => expect(quota(dockerV2)).toBe(1.5));

  it('reads docker --cpus under cgroup v1, with the combined mount and a path of the host', () => {
    expect(quota(dockerV1)).toBe(2);
  });

  it('takes the smallest of nested groups, whichever is inner', () => {
    expect(quota(nestedV2)).toBe(2.5);
    expect(quota({ ...nestedV2, '/sys/fs/cgroup/jobs.slice/cpu.max': '50000 100000\n' })).toBe(0.5);
  });

  it('walks cgroup v1 up to a bounded ancestor', () => {
    const files = {
      '/proc/self/cgroup': '3:cpu,cpuacct:/kubepods/burstable/pod1\n',
      '/sys/fs/cgroup/cpu/kubepods/burstable/pod1/cpu.cfs_quota_us': '-1',
      '/sys/fs/cgroup/cpu/kubepods/burstable/pod1/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/cpu/kubepods/cpu.cfs_quota_us': '390000',
      '/sys/fs/cgroup/cpu/kubepods/cpu.cfs_period_us': '100000',
    };
    expect(quota(files)).toBe(3.9);
  });

  it('finds the group below the mount when the path leaves the namespace', () => {
    expect(quota({ '/proc/self/cgroup': '0::/../app\n', '/sys/fs/cgroup/app/cpu.max': '70000 50000\n' })).toBe(1.4);
  });

  it('is null without bounds, without control groups and off Linux', () => {
    expect(quota(hybridUnbounded)).toBeNull();
    expect(quota({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBeNull();
    expect(quota({})).toBeNull();
  });
});

describe('readThrottledPeriods', () => {
  it('reads the counter of either version', () => {
    expect(throttled(dockerV2)).toBe(37);
    expect(throttled(dockerV1)).toBe(12);
  });

  it('adds levels, for each counts its own quota only', () => expect(throttled(nestedV2)).toBe(5));

  it('is zero under an idle quota and null where nothing counts', () => {
    expect(throttled(hybridUnbounded)).toBe(0);
    expect(throttled({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.stat': 'usage_usec 5\n' })).toBeNull();
  });
});

describe('readMemory', () => {
  it('reads limits of both versions in bytes', () => {
    expect(readMemory(playedMachine(dockerV2))).toEqual({
      totalBytes: 16_384_000 * 1024,
      availableBytes: 12_288_000 * 1024,
      limitBytes: 2 * 2 ** 30,
    });
    expect(readMemory(playedMachine(dockerV1)).limitBytes).toBe(512 * 2 ** 20);
  });

  it('takes the smallest limit of nested groups', () => {
    expect(readMemory(playedMachine(nestedV2)).limitBytes).toBe(4 * 2 ** 30);
  });

  it('takes a limit above all memory for none', () => {
    expect(readMemory(playedMachine(hybridUnbounded)).limitBytes).toBeNull();
    const generous = { ...dockerV2, '/sys/fs/cgroup/memory.max': `${64 * 2 ** 30}\n` };
    expect(readMemory(playedMachine(generous)).limitBytes).toBeNull();
  });

  it("trusts Node's free memory on Windows and not on macOS, where it leaves out what can be reclaimed", () => {
    expect(readMemory(playedMachine({}, { platform: 'win32' })).availableBytes).toBe(2 ** 30);
    expect(readMemory(playedMachine({}, { platform: 'darwin' })).availableBytes).toBeNull();
    expect(readMemory(playedMachine({}, { platform: 'darwin' })).totalBytes).toBe(8 * 2 ** 30);
  });
});
