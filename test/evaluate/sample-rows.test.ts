import { describe, expect, it } from 'vitest';
import { batchLengthOf, sampleRows } from '../../src/evaluate/sample-rows.ts';
import { floats } from '../../src/onnx/graph-builder.ts';
import { matrix } from './tensors.ts';

const batchAxis = { kind: 'symbolic', dimension: 'batch', also: [] } as const;

describe('sampleRows', () => {
  it('brings a batch that is not the first axis there', () => {
    const state = floats([2, 3, 2], [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
    const output = { name: 'state', type: 'float32', shape: [2, 'batch', 2] } as const;
    const rows = sampleRows(state, { batchLength: 3, count: 3 }, { output, batchAxis });
    expect(rows).toMatchObject({ count: 3, rowLength: 4, dims: [2, 2] });
    expect([...(rows?.values ?? [])]).toEqual([0, 1, 10, 11, 2, 3, 12, 13, 4, 5, 14, 15]);
  });

  it('prefers the axis with the batch’s name where lengths tell nothing', () => {
    const square = floats([2, 2], [0, 1, 2, 3]);
    const output = { name: 'y', type: 'float32', shape: [2, 'batch'] } as const;
    const rows = sampleRows(square, { batchLength: 2, count: 2 }, { output, batchAxis });
    expect([...(rows?.values ?? [])]).toEqual([0, 2, 1, 3]);
  });

  it('is null where no axis holds the samples, and the whole for a batch of one', () => {
    const declared = { output: undefined, batchAxis };
    expect(sampleRows(matrix([[1, 2]]), { batchLength: 3, count: 3 }, declared)).toBeNull();
    expect(sampleRows(floats([4], [1, 2, 3, 4]), { batchLength: 1, count: 1 }, declared)).toMatchObject({
      count: 1,
      rowLength: 4,
      dims: [4],
    });
    expect(sampleRows(floats([], [4]), { batchLength: 1, count: 1 }, declared)).toMatchObject({
      count: 1,
      rowLength: 1,
      dims: [],
    });
  });
});

describe('batchLengthOf', () => {
  it('is read off the inputs', () => {
    const inputs = [
      { name: 'sr', type: 'int64', shape: [] },
      { name: 'state', type: 'float32', shape: [2, 'batch', 2] },
    ] as const;
    const feeds = {
      state: floats(
        [2, 5, 2],
        Array.from({ length: 20 }, () => 0),
      ),
    };
    expect(batchLengthOf({ inputs, outputs: [] }, batchAxis, feeds)).toBe(5);
    expect(batchLengthOf({ inputs, outputs: [] }, { kind: 'none' }, feeds)).toBe(1);
  });
});
