import { array, assert, boolean, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCpu } from '../../../src/runtime/hardware/read-cpu.ts';
import { parseAffinityCores, usableCores } from '../../../src/runtime/hardware/usable-cores.ts';
import { dockerV2, playedMachine } from './played-machine.ts';

/** Two sockets of two cores with two threads each, by the lines of a Xeon Gold 6448Y (Sapphire Rapids). */
const xeon = Array.from({ length: 8 }, (_, index) =>
  [
    `processor\t: ${index}`,
    'vendor_id\t: GenuineIntel',
    'model name\t: Intel(R) Xeon(R) Gold 6448Y',
    `cpu MHz\t\t: ${2100 + index * 100}.000`,
    `physical id\t: ${index % 2}`,
    `core id\t\t: ${(index >> 1) % 2}`,
    'flags\t\t: fpu sse sse2 sse4_2 avx f16c fma avx2 avx512f avx_vnni avx512_bf16 avx512_vnni avx512_fp16 amx_bf16 amx_tile amx_int8 arch_lbr',
    'power management:',
  ].join('\n'),
).join('\n\n');

/** A Raspberry Pi 5 and AWS Graviton3, which name neither model nor cores. */
const arm = (part: string, features: string) =>
  [0, 1]
    .map(
      (index) =>
        `processor\t: ${index}\nBogoMIPS\t: 108.00\nFeatures\t: ${features}\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x4\nCPU part\t: ${part}\nCPU revision\t: 1\n`,
    )
    .join('\n');

describe('readCpu', () => {
  it('counts threads, cores and instruction sets of a two-socket Xeon', async () => {
    const cpu = await readCpu(playedMachine({ '/proc/cpuinfo': `${xeon}\n\n` }, { availableParallelism: 8 }));
    expect(cpu).toEqual({
      model: 'Intel(R) Xeon(R) Gold 6448Y',
      logicalCores: 8,
      physicalCores: 4,
      usableCores: 8,
      affinityCores: null,
      quotaCores: null,
      instructionSets:
        'sse4_2 avx avx2 fma f16c avx_vnni avx512f avx512_vnni avx512_bf16 avx512_fp16 amx_tile amx_int8 amx_bf16'.split(
          ' ',
        ),
      frequencyMhz: 2450,
      governor: null,
    });
  });

  it('names Arm cores by part number and reads their clock and cores from sysfs', async () => {
    const cpu = await readCpu(
      playedMachine(
        {
          '/proc/cpuinfo': arm('0xd0b', 'fp asimd evtstrm aes crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc asimddp'),
          '/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '1500000\n',
          '/sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '2400000\n',
          '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'ondemand\n',
          '/sys/devices/system/cpu/cpu0/topology/core_id': '0\n',
          '/sys/devices/system/cpu/cpu1/topology/core_id': '1\n',
        },
        { arch: 'arm64' },
      ),
    );
    expect(cpu).toMatchObject({
      model: 'Arm Cortex-A76',
      logicalCores: 2,
      physicalCores: 2,
      instructionSets: ['asimd', 'asimdhp', 'asimddp'],
      frequencyMhz: 1950,
      governor: 'ondemand',
    });
  });

  it('keeps the numbers of an Arm core it does not know', async () => {
    const cpu = await readCpu(playedMachine({ '/proc/cpuinfo': arm('0xfff', 'asimd sve i8mm bf16') }));
    expect(cpu.model).toBe('Arm implementer 0x41 part 0xfff');
    expect(cpu.instructionSets).toEqual(['asimd', 'i8mm', 'bf16', 'sve']);
    expect(cpu.physicalCores).toBeNull();
  });

  it("reads Apple silicon through sysctl, by Linux's names", async () => {
    const sysctl =
      'hw.physicalcpu: 10\nhw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_SME: 0\nhw.optional.arm.FEAT_BF16: 1\nhw.optional.arm.FEAT_FP16: 1\nhw.optional.AdvSIMD: 1\nhw.optional.arm.AdvSIMD: 1\nhw.optional.arm.FEAT_I8MM: 1\n';
    const run = (file: string) => Promise.resolve(file === 'sysctl' ? sysctl : null);
    const cpu = await readCpu(playedMachine({}, { platform: 'darwin', arch: 'arm64', cpuModel: 'Apple M2 Pro', run }));
    expect(cpu).toMatchObject({
      model: 'Apple M2 Pro',
      physicalCores: 10,
      instructionSets: ['asimd', 'asimdhp', 'asimddp', 'i8mm', 'bf16'],
    });
  });

  it('invents nothing on Windows, where no file is there', async () => {
    const cpu = await readCpu(playedMachine({}, { platform: 'win32', cpuModel: 'AMD Ryzen 7 7840U' }));
    expect(cpu).toEqual({
      model: 'AMD Ryzen 7 7840U',
      logicalCores: 4,
      physicalCores: null,
      usableCores: 4,
      affinityCores: null,
      quotaCores: null,
      instructionSets: [],
      frequencyMhz: null,
      governor: null,
    });
  });

  it('applies quota and affinity together', async () => {
    const status = 'Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t0-2,5\nMems_allowed_list:\t0\n';
    const cpu = await readCpu(playedMachine({ ...dockerV2, '/proc/self/status': status }, { availableParallelism: 8 }));
    expect(cpu).toMatchObject({ affinityCores: 4, quotaCores: 1.5, usableCores: 1 });
  });
});

describe('parseAffinityCores', () => {
  it('counts as many processors as a list names', () => {
    const bits = array(boolean(), { minLength: 1, maxLength: 130 }).filter((list) => list.some(Boolean));
    assert(
      property(bits, (allowed) => {
        const list = toCpuList(allowed);
        expect(parseAffinityCores(`Cpus_allowed_list:\t${list}\n`)).toBe(allowed.filter(Boolean).length);
      }),
    );
  });

  it('is null when the line is absent or empty', () => {
    expect(parseAffinityCores(null)).toBeNull();
    expect(parseAffinityCores('Name:\tnode\n')).toBeNull();
  });
});

/** The kernel's list format: runs joined by `-`. */
function toCpuList(allowed: readonly boolean[]): string {
  const bits = allowed.map((bit) => (bit ? '1' : '0')).join('');
  return [...bits.matchAll(/1+/g)]
    .map(({ 0: run, index }) => (run.length === 1 ? `${index}` : `${index}-${index + run.length - 1}`))
    .join(',');
}

describe('usableCores', () => {
  it.each([
    { availableParallelism: 8, affinityCores: null, quotaCores: null, cores: 8 },
    { availableParallelism: 8, affinityCores: 3, quotaCores: null, cores: 3 },
    { availableParallelism: 8, affinityCores: 3, quotaCores: 2.5, cores: 2 },
    { availableParallelism: 8, affinityCores: 8, quotaCores: 0.5, cores: 1 },
    { availableParallelism: 2, affinityCores: 8, quotaCores: 16, cores: 2 },
  ])('is $cores for $availableParallelism, $affinityCores, $quotaCores', ({ cores, ...bounds }) => {
    expect(usableCores(bounds)).toBe(cores);
  });
});
