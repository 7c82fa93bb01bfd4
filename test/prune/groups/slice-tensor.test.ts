import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dataTypes, isComplexType, type NumericType } from '../../../src/onnx/data-type.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { elementAt } from '../../../src/onnx/tensor-types/element-at.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { sliceTensor } from '../../../src/prune/groups/slice-tensor.ts';

const types = dataTypes.filter((type): type is NumericType => type !== 'string' && !isComplexType(type));

/** Row-major index of the same element in the whole tensor. */
function indexIn(dims: readonly number[], axis: number, [index, kept]: readonly [number, readonly number[]]): number {
  const inner = elementCount(dims.slice(axis + 1));
  const row = Math.floor(index / inner);
  const block = Math.floor(row / kept.length);
  return (block * (dims[axis] ?? 1) + (kept[row % kept.length] ?? 0)) * inner + (index % inner);
}

const cases = fc
  .record({
    dims: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    type: fc.constantFrom(...types),
  })
  .chain(({ dims, type }) =>
    fc.nat(dims.length - 1).chain((axis) =>
      fc
        .subarray(
          Array.from({ length: dims[axis] ?? 1 }, (_, index) => index),
          { minLength: 1 },
        )
        .map((kept) => ({ dims, type, axis, kept })),
    ),
  );

it('keeps the chosen indices of an axis, in every type, wherever the elements are', () => {
  fc.assert(
    fc.property(cases, fc.boolean(), ({ dims, type, axis, kept }, isStored) => {
      const numbers = Array.from({ length: elementCount(dims) }, (_, index) => (index * 7) % 4);
      const dense = tensorOfNumbers(type, dims, numbers);
      const inline = Tensor.fromDense(dense);
      const shifted = new Uint8Array(Buffer.concat([Buffer.from([0]), inline.bytes()])).subarray(1);
      const stored = new Tensor({ type, dims, storage: { kind: 'stored', elements: { load: () => shifted } } });
      const sliced = sliceTensor(isStored ? stored : inline, axis, Int32Array.from(kept)).toDense();
      expect(sliced.dims).toEqual(dims.with(axis, kept.length));
      for (let index = 0; index < elementCount(sliced.dims); index++)
        expect(elementAt(sliced, index)).toEqual(elementAt(dense, indexIn(dims, axis, [index, kept])));
    }),
    { seed: 3, numRuns: 400 },
  );
});

it('keeps strings', () => {
  const words = Tensor.fromDense({ type: 'string', dims: [2, 3], data: ['a', 'b', 'c', 'd', 'e', 'f'] });
  expect(sliceTensor(words, 1, Int32Array.of(0, 2)).toDense().data).toEqual(['a', 'c', 'd', 'f']);
});

it('reads large stored tensors when somebody wants the result, not before', () => {
  let loads = 0;
  const bytes = new Uint8Array(4 * 5_000_000);
  const load = () => {
    loads++;
    return bytes;
  };
  const tensor = new Tensor({ type: 'float32', dims: [5, 1_000_000], storage: { kind: 'stored', elements: { load } } });
  const sliced = sliceTensor(tensor, 0, Int32Array.of(0, 1, 2, 3, 4));
  expect([loads, sliced.byteLength]).toEqual([0, 20_000_000]);
  expect(sliceTensor(sliced, 1, Int32Array.of(7)).bytes()).toHaveLength(20);
  expect(loads).toBe(1);
});
