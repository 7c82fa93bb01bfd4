import { describe, expect, it } from 'vitest';
import { optimizedGraph } from '../../../src/compute/optimized-graph.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { scratchFile } from '../../../src/onnx/file/scratch-file.ts';
import { productWorkload } from '../../../src/profile/roofs/product-workload.ts';
import { trafficBytes, trafficWorkload } from '../../../src/profile/roofs/traffic-workload.ts';
import type { Workload } from '../../../src/profile/roofs/workload.ts';
import { thisWorkplace } from '../../../src/runtime/workplace.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

const models = {
  runner: inProcessRunner(),
  name: 'workload.onnx',
  write: () => Promise.reject(new Error('small models are sent')),
};

/** What the runtime really runs, at the level at which roofs are measured. */
async function operatorsOf(workload: Workload, repeats: number): Promise<readonly string[]> {
  const scratch = () => scratchFile(thisWorkplace(), 'optimized.onnx');
  const graph = await optimizedGraph(workload.build(repeats), { ...models, scratch, level: 'all' });
  return graph.nodes.map(({ op }) => op);
}

async function firstOf(workload: Workload, repeats: number): Promise<number> {
  const loaded = await models.runner.load({ bytes: encodeModel(workload.build(repeats)) }, { optimization: 'all' });
  try {
    return Number((await loaded.run(workload.feeds))['first']?.data[0]);
  } finally {
    await loaded.release();
  }
}

const countOf = (names: readonly string[], name: string) => names.filter((each) => each === name).length;

describe('products', () => {
  it.each([
    ['float32', 'MatMul'],
    ['int8', 'QLinearMatMul'],
  ] as const)('of %s are all made, one after another', async (precision, op) => {
    expect(countOf(await operatorsOf(productWorkload(precision), 3), op)).toBe(3);
  });

  it('neither die out nor grow beyond all bounds', async () => {
    for (const repeats of [1, 4]) {
      const first = Math.abs(await firstOf(productWorkload('float32'), repeats));
      expect(first).toBeGreaterThan(1e-3);
      expect(first).toBeLessThan(1e3);
    }
    const byte = await firstOf(productWorkload('int8'), 1);
    expect(byte).toBeGreaterThanOrEqual(0);
    expect(byte).toBeLessThanOrEqual(255);
  });

  it('count two operations for each of 1024³ multiplications', () => {
    expect(productWorkload('float32').amount(3)).toBe(3 * 2 * 1_073_741_824);
  });
});

describe('additions', () => {
  it('are all made, and give the sum', async () => {
    const workload = trafficWorkload(2 ** 20);
    expect(countOf(await operatorsOf(workload, 3), 'Add')).toBe(3);
    // Column and row both begin with 1: (1 - 1) + 3 · (1 · 1).
    expect(await firstOf(workload, 3)).toBe(3);
    expect(workload.amount(3)).toBe((3 * 3 + 2) * 2 ** 20);
  });

  const plenty = { totalBytes: 2 ** 40, availableBytes: 2 ** 39, limitBytes: null };
  it.each([
    [{ isCpu: true, threads: 1, memory: plenty }, 64],
    [{ isCpu: true, threads: 16, memory: plenty }, 256],
    [{ isCpu: true, threads: 128, memory: plenty }, 512],
    [{ isCpu: false, threads: 128, memory: plenty }, 64],
    [{ isCpu: true, threads: 1, memory: { ...plenty, availableBytes: 2 ** 28 } }, 32],
    [{ isCpu: true, threads: 1, memory: { ...plenty, limitBytes: 2 ** 27 } }, 16],
    [{ isCpu: true, threads: 1, memory: { totalBytes: 2 ** 28, availableBytes: null, limitBytes: null } }, 32],
  ])('are of tensors that fit the machine: %o', (where, mib) => {
    expect(trafficBytes(where) / 2 ** 20).toBe(mib);
  });
});
