import type { HardwareSource } from '../../../src/runtime/hardware/hardware-source.ts';

/** A machine played from the text of its files; a file that is not given is absent. */
export function playedMachine(
  files: Readonly<Record<string, string>>,
  overrides: Partial<HardwareSource> = {},
): HardwareSource {
  return {
    platform: 'linux',
    arch: 'x64',
    release: '6.1.0-18-amd64',
    cpuModel: null,
    logicalCores: 4,
    availableParallelism: 4,
    totalMemoryBytes: 8 * 2 ** 30,
    freeMemoryBytes: 2 ** 30,
    loadAverage: 0.25,
    env: {},
    readText: (path) => files[path] ?? null,
    run: () => Promise.resolve(null),
    nowMs: () => 1234,
    ...overrides,
  };
}

/** Docker on Ubuntu 22.04 with `--cpus=1.5 --memory=2g`: a namespace of its own, so its group is the root. */
export const dockerV2 = {
  '/proc/self/cgroup': '0::/\n',
  '/sys/fs/cgroup/cpu.max': '150000 100000\n',
  '/sys/fs/cgroup/memory.max': '2147483648\n',
  '/sys/fs/cgroup/cpu.stat':
    'usage_usec 5210921\nuser_usec 4011823\nsystem_usec 1199098\nnr_periods 412\nnr_throttled 37\nthrottled_usec 1893221\n',
  '/proc/meminfo': 'MemTotal:       16384000 kB\nMemFree:         812344 kB\nMemAvailable:   12288000 kB\n',
};

/** Docker on CentOS 7 (cgroup v1, no namespaces): the path of the host is shown, its folder is not mounted. */
export const dockerV1 = {
  '/proc/self/cgroup':
    '11:memory:/docker/3f4e\n5:cpuset:/docker/3f4e\n4:cpuacct,cpu:/docker/3f4e\n1:name=systemd:/docker/3f4e\n',
  '/sys/fs/cgroup/cpuacct,cpu/cpu.cfs_quota_us': '200000\n',
  '/sys/fs/cgroup/cpuacct,cpu/cpu.cfs_period_us': '100000\n',
  '/sys/fs/cgroup/cpuacct,cpu/cpu.stat': 'nr_periods 90\nnr_throttled 12\nthrottled_time 881827166\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '536870912\n',
  '/proc/meminfo': 'MemTotal:       16266528 kB\nMemFree:         9123440 kB\nMemAvailable:   14203904 kB\n',
};

/** A systemd service with CPUQuota=250% inside a slice with CPUQuota=400%. */
export const nestedV2 = {
  '/proc/self/cgroup': '0::/jobs.slice/bench.service\n',
  '/sys/fs/cgroup/jobs.slice/bench.service/cpu.max': '250000 100000\n',
  '/sys/fs/cgroup/jobs.slice/bench.service/cpu.stat': 'usage_usec 9\nnr_periods 4\nnr_throttled 3\nthrottled_usec 1\n',
  '/sys/fs/cgroup/jobs.slice/bench.service/memory.max': 'max\n',
  '/sys/fs/cgroup/jobs.slice/cpu.max': '400000 100000\n',
  '/sys/fs/cgroup/jobs.slice/cpu.stat': 'usage_usec 9\nnr_periods 4\nnr_throttled 2\nthrottled_usec 1\n',
  '/sys/fs/cgroup/jobs.slice/memory.max': '4294967296\n',
  '/sys/fs/cgroup/cpu.stat': 'usage_usec 5210921\nuser_usec 4011823\nsystem_usec 1199098\n',
};

/** A virtual machine with every v1 hierarchy mounted and no bounds, beside an empty v2 one. */
export const hybridUnbounded = {
  '/proc/self/cgroup': '9:name=systemd:/\n4:memory:/api/0914\n2:cpuacct:/\n1:cpu:/\n0::/\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  '/sys/fs/cgroup/cpu/cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/memory/api/0914/memory.limit_in_bytes': '9223372036854771712\n',
  '/proc/meminfo': 'MemTotal:       24684084 kB\nMemFree:        23089864 kB\nMemAvailable:   24233208 kB\n',
};
