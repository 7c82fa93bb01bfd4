import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { DoctorResult } from '../../src/doctor/doctor-result.ts';
import { doctorTable } from '../../src/report/doctor-table.ts';
import { doctorMessages } from '../../src/report/messages/doctor-messages.ts';
import { explainProvider } from '../../src/runtime/hardware/explain-provider.ts';
import { checkup, healthy } from '../doctor/checkup.ts';

const escape = String.fromCodePoint(27);

function resultOf({ environment, providers, noise }: typeof healthy): DoctorResult {
  return {
    schemaVersion: 1,
    kind: 'doctor',
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2026-01-02T03:04:05.000Z',
    command: ['doctor'],
    environment: {
      ...environment,
      providers: [...environment.providers],
      gpus: [...environment.gpus],
      cpu: { ...environment.cpu, instructionSets: [...environment.cpu.instructionSets] },
    },
    warnings: [],
    usable: providers.some((status) => status.name === 'cpu' && status.usable),
    providers: [...providers],
    noise,
    findings: diagnose({ environment, providers, noise }).map(({ code, details }) => ({
      code,
      details: { ...details },
    })),
  };
}

const failure = { platform: 'linux', arch: 'x64' } as const;

/** A small container on a busy host with a GPU that lacks cuBLAS. */
const troubled = checkup({
  cpu: {
    model: 'AMD EPYC 7B13',
    logicalCores: 8,
    physicalCores: null,
    usableCores: 1,
    affinityCores: 8,
    quotaCores: 1.5,
    instructionSets: ['sse4_2', 'avx', 'avx2', 'fma', 'f16c'],
    frequencyMhz: null,
    governor: null,
  },
  memory: { totalBytes: 32 * 2 ** 30, availableBytes: 20 * 2 ** 30, limitBytes: 512 * 2 ** 20 },
  gpus: [
    {
      name: 'NVIDIA A10G',
      driver: '535.183.01',
      memoryBytes: 23028 * 2 ** 20,
      api: 'cuda',
      computeCapability: '8.6',
      driverCuda: '12.2',
      powerLimitW: 300,
      isMig: false,
    },
  ],
  providers: [
    ...healthy.providers,
    {
      name: 'webgpu',
      usable: false,
      ...explainProvider({
        ...failure,
        provider: 'webgpu',
        problem: 'Found no drivers! Failed to get a WebGPU adapter',
      }),
    },
    {
      name: 'cuda',
      usable: false,
      ...explainProvider({
        ...failure,
        provider: 'cuda',
        problem: 'error: libcublasLt.so.12: cannot open shared object file',
      }),
    },
  ],
  noise: { loadAverage: 7.5, pressureShare: 0.31, stealShare: 0.041, throttledPeriods: 1, windowMs: 2400 },
});

describe('doctorTable', () => {
  it('draws a healthy machine', async () => {
    const table = doctorTable(resultOf(healthy), { color: false, width: 100 });
    await expect(table).toMatchFileSnapshot('golden/doctor-healthy.txt');
  });

  it('draws a troubled one with what to do about it', async () => {
    const table = doctorTable(resultOf(troubled), { color: false, width: 100 });
    await expect(table).toMatchFileSnapshot('golden/doctor-troubled.txt');
  });

  it('keeps within the width, and its text is the same in color', () => {
    const result = resultOf(troubled);
    const plain = doctorTable(result, { color: false, width: 80 });
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const colored = doctorTable(result, { color: true, width: 80 });
    expect(plain).not.toContain(escape);
    expect(colored).toContain(`${escape}[33mmissing${escape}[0m`);
    expect(colored.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(plain);
  });

  it('says so when models cannot be run', () => {
    const providers = [{ name: 'cpu', usable: false, reason: 'no binary', cure: 'reinstall' }] as const;
    const table = doctorTable(resultOf(checkup({ providers })), { color: false, width: 100 });
    expect(table).toContain('models cannot be run here');
    expect(table).toContain('no model can be run: no binary; reinstall');
  });

  it('shows a finding of a newer version as its data', () => {
    const result = { ...resultOf(healthy), findings: [{ code: 'too-cold', details: { celsius: -4 } }] };
    expect(doctorTable(result, { color: false, width: 100 })).toContain('too-cold {"celsius":-4}');
  });
});

describe('doctorMessages', () => {
  it('names the cause and the numbers of every noise rule', () => {
    const sentence = doctorMessages['noisy-now']({
      rules: ['pressure', 'steal', 'load'],
      pressureShare: 0.31,
      stealShare: 0.041,
      loadAverage: 7.5,
    });
    for (const part of ['31 %', '4.1 %', '7.50', 'dedicated machine']) expect(sentence).toContain(part);
  });

  it('warns of saturation on x64 alone', () => {
    expect(doctorMessages['no-int8-dot-product']({ arch: 'x64' })).toContain('saturate');
    expect(doctorMessages['no-int8-dot-product']({ arch: 'arm64' })).not.toContain('saturate');
  });
});
