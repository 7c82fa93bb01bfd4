import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { checkup, healthy } from './checkup.ts';

const codes = (changes: Parameters<typeof checkup>[0]) => diagnose(checkup(changes)).map(({ code }) => code);

const x64 = (...instructionSets: string[]) => codes({ cpu: { instructionSets } });
const arm64 = (...instructionSets: string[]) => codes({ os: { arch: 'arm64' }, cpu: { instructionSets } });

describe('diagnose', () => {
  it('finds nothing on a healthy machine', () => expect(diagnose(healthy)).toEqual([]));

  it('puts a broken CPU provider first and keeps its cure', () => {
    const changes = {
      providers: [{ name: 'cpu', usable: false, reason: 'no binary', cure: 'reinstall' }],
      cpu: { governor: 'powersave' },
    } as const;
    expect(diagnose(checkup(changes))[0]).toEqual({
      code: 'cpu-provider-broken',
      details: { reason: 'no binary', cure: 'reinstall' },
    });
    expect(codes(changes)).toEqual(['cpu-provider-broken', 'powersave-governor']);
  });

  it('reports a quota or an affinity below the cores that onnxruntime sees', () => {
    expect(diagnose(checkup({ cpu: { quotaCores: 1.5, usableCores: 1 } }))).toEqual([
      { code: 'quota-below-cores', details: { quotaCores: 1.5, usableCores: 1, logicalCores: 64 } },
    ]);
    expect(codes({ cpu: { quotaCores: 64 } })).toEqual([]);
    expect(codes({ cpu: { affinityCores: 8, usableCores: 8 } })).toEqual(['affinity-below-cores']);
  });

  it.each([
    ['5 % pressure is still quiet', { pressureShare: 0.05 }, []],
    ['more is not', { pressureShare: 0.051 }, ['pressure']],
    ['2 % steal is still quiet', { stealShare: 0.02 }, []],
    ['more is not', { stealShare: 0.021 }, ['steal']],
    ['load counts where pressure is not told', { pressureShare: null, loadAverage: 33 }, ['load']],
    ['load is ignored where it is', { loadAverage: 33 }, []],
  ] as const)('judges noise: %s', (_, noise, rules) => {
    const noisy = diagnose(checkup({ noise })).find(({ code }) => code === 'noisy-now');
    expect(noisy?.details ?? { rules: [] }).toMatchObject({ rules });
  });

  it('judges memory by what is left under the limit', () => {
    expect(codes({ memory: { limitBytes: 512 * 2 ** 20 } })).toEqual(['low-memory']);
    expect(codes({ memory: { availableBytes: 2 ** 30 - 1 } })).toEqual(['low-memory']);
    expect(codes({ memory: { availableBytes: 2 ** 30, limitBytes: 2 ** 30 } })).toEqual([]);
  });

  it('asks for 8-bit dot products by architecture', () => {
    expect(x64('avx2', 'avx_vnni')).toEqual([]);
    expect(x64('avx2', 'avx512f')).toEqual(['no-int8-dot-product']);
    expect(x64('sse4_2')).toEqual(['no-avx2', 'no-int8-dot-product']);
    expect(arm64('asimd', 'asimddp')).toEqual([]);
    expect(arm64('asimd')).toEqual(['no-int8-dot-product']);
  });

  it('does not take unknown instruction sets for missing ones', () => {
    expect(diagnose(checkup({ cpu: { instructionSets: [] } }))).toEqual([
      { code: 'unknown-facts', details: { facts: ['instruction sets'] } },
    ]);
  });

  it('reports a GPU that CUDA cannot use', () => {
    const gpus = [{ name: 'Tesla T4', driver: '535.1', memoryBytes: null, api: 'cuda' }];
    const broken = { name: 'cuda', usable: false, reason: 'r', cure: 'c' } as const;
    const works = { name: 'cuda', usable: true, version: null, device: null } as const;
    expect(diagnose(checkup({ gpus, providers: [...healthy.providers, broken] }))).toEqual([
      { code: 'gpu-unused', details: { gpus: ['Tesla T4'], reason: 'r', cure: 'c' } },
    ]);
    expect(codes({ gpus, providers: [...healthy.providers, works] })).toEqual([]);
    expect(codes({ providers: [...healthy.providers, broken] })).toEqual([]);
  });

  it('states the limits of a TensorRT that works', () => {
    const works = { name: 'tensorrt', usable: true, version: null, device: null } as const;
    expect(codes({ providers: [...healthy.providers, works] })).toEqual(['tensorrt-limited']);
  });

  it('lists what the system does not tell, once', () => {
    const changes = {
      cpu: { physicalCores: null },
      memory: { availableBytes: null },
      noise: { pressureShare: null, stealShare: null, loadAverage: null },
    };
    expect(diagnose(checkup(changes))).toEqual([
      {
        code: 'unknown-facts',
        details: { facts: ['physical cores', 'available memory', 'processor pressure', 'steal'] },
      },
    ]);
  });
});
