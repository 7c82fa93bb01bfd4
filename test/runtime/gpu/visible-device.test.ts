import { describe, expect, it } from 'vitest';
import { visibleDevice } from '../../../src/runtime/gpu/visible-device.ts';

const listing = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
  MIG 1g.5gb      Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-47d2d6fc-6e2e-4c9d-9b1c-0d5d3f8d5a11)
  MIG 1g.5gb      Device  0: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)`;

function find(ordinal: number, visible: string | undefined) {
  const env = visible === undefined ? {} : { CUDA_VISIBLE_DEVICES: visible };
  return visibleDevice(ordinal, env, () => Promise.resolve(listing));
}

describe('visibleDevice', () => {
  it.each([
    [2, undefined, '2'],
    [0, '3', '3'],
    [1, '3, 1', '1'],
    [0, 'GPU-5d5ba0d6', 'GPU-5d5ba0d6'],
    [0, 'MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb', 'GPU-47d2d6fc-6e2e-4c9d-9b1c-0d5d3f8d5a11'],
    [0, 'MIG-GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77/7/0', 'GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77'],
  ])('finds device %i of CUDA_VISIBLE_DEVICES=%s', async (ordinal, visible, device) => {
    expect(await find(ordinal, visible)).toBe(device);
  });

  it.each([
    [0, ''],
    [1, '3'],
    [0, '-1'],
    // CUDA stops at what is no device.
    [1, '0,-1,2'],
    [0, 'NoDevFiles'],
    [0, 'MIG-00000000-0000-0000-0000-000000000000'],
  ])('finds no device %i in %j', async (ordinal, visible) => {
    expect(await find(ordinal, visible)).toBeNull();
  });
});
