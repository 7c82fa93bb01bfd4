import { assert, nat, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { sameTensor } from '../../../src/onnx/tensor-types/same-tensor.ts';
import { tensorHash } from '../../../src/onnx/tensor-types/tensor-hash.ts';

const inline = (bytes: Uint8Array, dims: readonly number[] = [bytes.length]): Tensor =>
  new Tensor({ type: 'uint8', dims, storage: { kind: 'inline', bytes } });
const stored = (bytes: Uint8Array): Tensor =>
  new Tensor({ type: 'uint8', dims: [bytes.length], storage: { kind: 'stored', elements: { load: () => bytes } } });
const strings = (...data: readonly string[]): Tensor => Tensor.fromDense({ type: 'string', dims: [data.length], data });
const dense = (tensor: DenseTensor): Tensor => Tensor.fromDense(tensor);

function derived(bytes: Uint8Array, pieceBytes: number): Tensor {
  const produce = function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  return new Tensor({ type: 'uint8', dims: [bytes.length], storage: { kind: 'derived', produce } });
}

describe('sameTensor and tensorHash', () => {
  it('look at the content, wherever it is and in whatever pieces it comes', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), nat({ max: 8 }), (bytes, piece) => {
        const all = [inline(bytes), stored(Uint8Array.from(bytes)), derived(bytes, piece + 1)];
        expect(new Set(all.map((tensor) => tensorHash(tensor))).size).toBe(1);
        expect(all.every((a) => all.every((b) => sameTensor(a, b)))).toBe(true);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('go on over pieces of a mebibyte', () => {
    const bytes = Uint8Array.from({ length: 2 ** 20 * 2 + 5 }, (_, i) => i % 251);
    const changed = Uint8Array.from(bytes);
    changed[2 ** 20 * 2 + 4] = 255;
    expect(sameTensor(inline(bytes), derived(bytes, 700_001))).toBe(true);
    expect(sameTensor(derived(changed, 700_001), inline(bytes))).toBe(false);
    expect(tensorHash(derived(bytes, 700_001))).toBe(tensorHash(stored(bytes)));
    expect(tensorHash(inline(changed))).not.toBe(tensorHash(stored(bytes)));
  });

  it('see any changed bit', () => {
    const bytes = Uint8Array.from({ length: 37 }, (_, i) => i * 7);
    const hashes = new Set([tensorHash(inline(bytes))]);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sameTensor(inline(bytes), inline(changed))).toBe(false);
      hashes.add(tensorHash(inline(changed)));
    }
    expect(hashes.size).toBe(1 + 8 * bytes.length);
  });

  it('hash a hundred thousand small tensors apart', () => {
    const hashes = new Set<string>();
    for (let i = 0; i < 100_000; i++) {
      hashes.add(
        tensorHash(dense({ type: 'float32', dims: [2], data: Float32Array.of(i % 1000, Math.floor(i / 1000)) })),
      );
    }
    expect(hashes.size).toBe(100_000);
  });

  it.for<readonly [string, Tensor, Tensor]>([
    ['types', dense({ type: 'int8', dims: [1], data: Int8Array.of(1) }), inline(Uint8Array.of(1))],
    ['shapes', inline(Uint8Array.of(1, 2), [2, 1]), inline(Uint8Array.of(1, 2), [1, 2])],
    ['scalars and vectors', inline(Uint8Array.of(1), []), inline(Uint8Array.of(1), [1])],
    ['borders of strings', strings('ab', 'c'), strings('a', 'bc')],
    [
      'signs of zero',
      dense({ type: 'float32', dims: [1], data: Float32Array.of(0) }),
      dense({ type: 'float32', dims: [1], data: Float32Array.of(-0) }),
    ],
  ])('tell %s apart', ([, a, b]) => {
    expect(sameTensor(a, b)).toBe(false);
    expect(tensorHash(a)).not.toBe(tensorHash(b));
  });

  it('find equal strings equal', () => {
    expect(sameTensor(strings('a', 'é'), strings('a', 'é'))).toBe(true);
    expect(tensorHash(strings('a', 'é'))).toBe(tensorHash(strings('a', 'é')));
  });
});
