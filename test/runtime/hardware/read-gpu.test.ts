import { describe, expect, it } from 'vitest';
import { readGpus } from '../../../src/runtime/hardware/read-gpu.ts';

/** A driver that knows these fields, and its answers. */
function gpus(answers: { readonly full?: string | null; readonly basic?: string | null; readonly page?: string }) {
  return readGpus((_, [first = '']) => {
    if (first === '') return Promise.resolve(answers.page ?? null);
    return Promise.resolve((first.includes('compute_cap') ? answers.full : answers.basic) ?? null);
  });
}

const page = '| NVIDIA-SMI 535.183.01   Driver Version: 535.183.01   CUDA Version: 12.2     |';

describe('readGpus', () => {
  it('reads the facts of each, and the newest CUDA of their driver', async () => {
    const full =
      'NVIDIA A10G, 535.183.01, 23028, 8.6, 300.00, [N/A]\nNVIDIA A100-SXM4-40GB, 535.183.01, 40960, 8.0, 400.00, Enabled';
    expect(await gpus({ full, page })).toEqual([
      {
        name: 'NVIDIA A10G',
        driver: '535.183.01',
        memoryBytes: 23028 * 1024 * 1024,
        api: 'cuda',
        computeCapability: '8.6',
        driverCuda: '12.2',
        powerLimitW: 300,
        isMig: false,
      },
      {
        name: 'NVIDIA A100-SXM4-40GB',
        driver: '535.183.01',
        memoryBytes: 40960 * 1024 * 1024,
        api: 'cuda',
        computeCapability: '8.0',
        driverCuda: '12.2',
        powerLimitW: 400,
        isMig: true,
      },
    ]);
  });

  it('asks an older driver for what it knows', async () => {
    expect(await gpus({ basic: 'Tesla T4, 450.80.02, 15360', page: 'CUDA Version: 11.0' })).toMatchObject([
      { name: 'Tesla T4', memoryBytes: 15360 * 1024 * 1024, computeCapability: null, driverCuda: '11.0', isMig: false },
    ]);
  });

  it('leaves unknown what a GPU does not tell (GB10 shares its memory)', async () => {
    expect(await gpus({ full: 'NVIDIA GB10, 580.95.05, [N/A], 12.1, [N/A], [N/A]' })).toMatchObject([
      { name: 'NVIDIA GB10', driver: '580.95.05', memoryBytes: null, powerLimitW: null, driverCuda: null },
    ]);
  });

  it('finds none without the tool, without devices or without a driver', async () => {
    expect(await gpus({})).toEqual([]);
    expect(await gpus({ full: 'No devices were found', basic: 'No devices were found' })).toEqual([]);
    expect(await gpus({ full: '' })).toEqual([]);
  });
});
