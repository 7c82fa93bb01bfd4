import { describe, expect, it } from 'vitest';
import { readGpus } from '../../../src/runtime/hardware/read-gpu.ts';

const gpus = (text: string | null) => readGpus(() => Promise.resolve(text));

describe('readGpus', () => {
  it('reads name, driver and memory of each', async () => {
    const text = 'NVIDIA A10G, 535.183.01, 23028\nTesla T4, 535.183.01, 15360';
    expect(await gpus(text)).toEqual([
      { name: 'NVIDIA A10G', driver: '535.183.01', memoryBytes: 23028 * 1024 * 1024, api: 'cuda' },
      { name: 'Tesla T4', driver: '535.183.01', memoryBytes: 15360 * 1024 * 1024, api: 'cuda' },
    ]);
  });

  it('leaves unknown what a GPU does not tell (GB10 shares its memory)', async () => {
    expect(await gpus('NVIDIA GB10, 580.95.05, [N/A]')).toEqual([
      { name: 'NVIDIA GB10', driver: '580.95.05', memoryBytes: null, api: 'cuda' },
    ]);
  });

  it('finds none without the tool, without devices or without a driver', async () => {
    expect(await gpus(null)).toEqual([]);
    expect(await gpus('No devices were found')).toEqual([]);
    expect(await gpus('')).toEqual([]);
  });
});
