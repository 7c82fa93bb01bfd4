import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../src/data/batches-of.ts';
import type { Dataset, DatasetBatch } from '../../src/data/dataset.ts';

/** Samples whose shape is a letter; the log has what was read and what was used, in order. */
function letters(text: string, { samplesPerRun = null, failAt = -1 }: Partial<Letters> = {}) {
  const log: string[] = [];
  const dataset: Dataset = {
    path: 'letters',
    size: text.length,
    hasLabels: false,
    classNames: null,
    hasPairs: false,
    samplesPerRun,
    originOf: String,
    shapeKey: async (index) => text[index] ?? '',
    async read(indices): Promise<DatasetBatch> {
      if (indices.includes(failAt)) throw new Error('broken');
      log.push(`read ${indices.join()}`);
      return { indices, feeds: {}, labels: null, expected: null };
    },
    close: async () => undefined,
  };
  return { dataset, log };
}

interface Letters {
  readonly samplesPerRun: number | null;
  readonly failAt: number;
}

async function collect(dataset: Dataset, options: Parameters<typeof batchesOf>[1]): Promise<readonly string[]> {
  const batches: string[] = [];
  for await (const { indices } of batchesOf(dataset, options)) batches.push(indices.join());
  return batches;
}

describe('batchesOf', () => {
  it('keeps the order, ends a batch where the shape changes or it is full', async () => {
    const { dataset } = letters('aaabba');
    expect(await collect(dataset, { indices: [0, 1, 2, 3, 4, 5], batch: 2 })).toEqual(['0,1', '2', '3,4', '5']);
    expect(await collect(dataset, { indices: Uint32Array.of(5, 0, 3), batch: 4 })).toEqual(['5,0', '3']);
  });

  it('leaves a last batch that is not full out when told to', async () => {
    const { dataset } = letters('aaaaa');
    expect(await collect(dataset, { indices: [0, 1, 2, 3, 4], batch: 2, dropLast: true })).toEqual(['0,1', '2,3']);
    expect(await collect(dataset, { indices: [0, 1, 2, 3], batch: 2, dropLast: true })).toEqual(['0,1', '2,3']);
  });

  it('takes as many as the dataset fixes', async () => {
    const { dataset } = letters('aaaaa', { samplesPerRun: 3 });
    expect(await collect(dataset, { indices: [0, 1, 2, 3, 4], batch: 100 })).toEqual(['0,1,2', '3,4']);
  });

  it('gives no batches for no samples', async () => {
    expect(await collect(letters('a').dataset, { indices: [], batch: 2 })).toEqual([]);
  });

  it('reads one batch ahead, not more', async () => {
    const { dataset, log } = letters('aaa');
    for await (const { indices } of batchesOf(dataset, { indices: [0, 1, 2], batch: 1 })) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`used ${indices.join()}`);
    }
    expect(log).toEqual(['read 0', 'read 1', 'used 0', 'read 2', 'used 1', 'used 2']);
  });

  it('tells a failure in its turn, also when nobody waits for the batch', async () => {
    const { dataset } = letters('aaa', { failAt: 1 });
    const seen: string[] = [];
    const work = async () => {
      for await (const { indices } of batchesOf(dataset, { indices: [0, 1, 2], batch: 1 })) seen.push(indices.join());
    };
    await expect(work()).rejects.toThrow('broken');
    expect(seen).toEqual(['0']);
    for await (const batch of batchesOf(dataset, { indices: [0, 1, 2], batch: 1 })) {
      expect(batch.indices).toEqual([0]);
      break;
    }
  });
});
