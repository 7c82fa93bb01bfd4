import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryRange } from '../../src/data/byte-range.ts';
import { spillRowMajor } from '../../src/data/row-major-spill.ts';
import { ScratchFiles } from '../../src/data/scratch-files.ts';
import { testWorkplace } from './open-test-dataset.ts';

/** Position of an element by its indices, the first axis fastest or slowest. */
function offsetOf(indices: readonly number[], dims: readonly number[], isFortran: boolean): number {
  const axes = dims.map((_, axis) => (isFortran ? dims.length - 1 - axis : axis));
  return axes.reduce((offset, axis) => offset * (dims[axis] ?? 1) + (indices[axis] ?? 0), 0);
}

function indicesOf(element: number, dims: readonly number[]): readonly number[] {
  let rest = element;
  return dims
    .toReversed()
    .map((dim) => {
      const index = rest % dim;
      rest = (rest - index) / dim;
      return index;
    })
    .toReversed();
}

describe('spillRowMajor', () => {
  it('puts every element where its indices say, in blocks of any size', async () => {
    const scratch = new ScratchFiles(testWorkplace());
    await assert(
      asyncProperty(
        array(integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
        constantFrom(1, 2, 4),
        integer({ min: 1, max: 200 }),
        async (dims, itemBytes, blockBytes) => {
          const count = dims.reduce((product, dim) => product * dim, 1);
          const bytes = new Uint8Array(count * itemBytes);
          for (let element = 0; element < count; element++) {
            const at = offsetOf(indicesOf(element, dims), dims, true) * itemBytes;
            for (let byte = 0; byte < itemBytes; byte++) bytes[at + byte] = (element + 50 * byte) % 256;
          }
          const range = await spillRowMajor(memoryRange(bytes), { dims, itemBytes, blockBytes }, scratch);
          const turned = new Uint8Array(bytes.length);
          await range.readInto(turned, 0);
          const expected = Array.from(
            { length: bytes.length },
            (_, i) => (Math.floor(i / itemBytes) + 50 * (i % itemBytes)) % 256,
          );
          expect([...turned]).toEqual(expected);
        },
      ),
      { seed: 10, numRuns: 150 },
    );
    scratch.remove();
  });
});
