import { describe, expect, it } from 'vitest';
import { parseInputValue } from '../../src/data/input-value.ts';
import { valueTensor } from '../../src/data/value-tensor.ts';
import type { DataType } from '../../src/onnx/data-type.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { findingOf } from './finding-of.ts';
import { value } from './signatures.ts';

describe('parseInputValue', () => {
  it.for([
    ['16000', { kind: 'scalar', text: '16000' }],
    ['true', { kind: 'scalar', text: 'true' }],
    ['-1e-3', { kind: 'scalar', text: '-1e-3' }],
    ['0..511', { kind: 'range', from: 0, to: 511 }],
    ['-5..5', { kind: 'range', from: -5, to: 5 }],
    ['5..0', { kind: 'scalar', text: '5..0' }],
    ['640, 480', { kind: 'list', items: ['640', '480'] }],
    ['in/x.npy', { kind: 'file', path: 'in/x.npy' }],
    ['input_0.PB', { kind: 'file', path: 'input_0.PB' }],
  ] as const)('%s', ([text, expected]) => {
    expect(parseInputValue(text)).toEqual(expected);
  });
});

function fill(text: string, type: DataType, shape: readonly number[]) {
  const parsed = parseInputValue(text);
  if (parsed.kind === 'file') throw new Error('a file');
  return valueTensor(value('x', type, shape), { value: parsed, shape, random: createRandom(0, 'test') });
}

describe('valueTensor', () => {
  it.for([
    ['16000', 'int64', [], BigInt64Array.of(16000n)],
    ['9007199254740993', 'int64', [1], BigInt64Array.of(9007199254740993n)],
    ['18446744073709551615', 'uint64', [1], BigUint64Array.of(2n ** 64n - 1n)],
    ['0.5', 'float32', [2, 2], Float32Array.of(0.5, 0.5, 0.5, 0.5)],
    ['1.5', 'float16', [2], Uint16Array.of(0x3e00, 0x3e00)],
    ['true', 'bool', [2], Uint8Array.of(1, 1)],
    ['-2', 'int4', [3], Uint8Array.of(0xee, 0x0e)],
    ['640,480', 'int32', [2, 2], Int32Array.of(640, 480, 640, 480)],
    ['1,2,3,4', 'float64', [2, 2], Float64Array.of(1, 2, 3, 4)],
    ['hello', 'string', [2], ['hello', 'hello']],
  ] as const)('%s as %s', ([text, type, dims, data]) => {
    expect(fill(text, type, dims)).toEqual({ type, dims, data });
  });

  it('draws from both ends of a range and all between', () => {
    const { data } = fill('-1..2', 'int8', [1000]);
    expect([...new Set(Array.from(data, Number))].toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });

  it.for([
    ['300', 'uint8'],
    ['-129', 'int8'],
    ['9223372036854775808', 'int64'],
    ['1.5', 'int32'],
    ['0..300', 'uint8'],
    ['yes', 'bool'],
    ['', 'float32'],
    ['NaN', 'float32'],
  ] as const)('refuses %s as %s', ([text, type]) => {
    const details = { flag: '--input', value: expect.stringMatching(/^x=/), expected: `a value of type ${type}` };
    expect(findingOf(() => fill(text, type, [1]))).toEqual({ code: 'bad-value', details });
  });

  it('refuses a list that is neither all elements nor one row', () => {
    expect(findingOf(() => fill('1,2,3', 'float32', [2, 2])).code).toBe('shape-mismatch');
  });
});
