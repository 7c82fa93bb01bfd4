import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { BlockBits, BlockSize } from '../../../src/quantize/blocks/block-format.ts';
import type { BlockTensors } from '../../../src/quantize/blocks/block-tensors.ts';
import { dequantizeBlocks, dequantizeRows } from '../../../src/quantize/blocks/dequantize-blocks.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import type { BlockSettings } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import type { WeightMatrix } from '../../../src/quantize/blocks/weight-matrix.ts';
import { floatsIn, gaussianWeight, runModel, sqnr, transposed, weightByMatMul } from './samples.ts';

const bits = fc.constantFrom<BlockBits>(4, 8);
const blockSize = fc.constantFrom<BlockSize>(16, 32, 64, 128, 256);
const settings: fc.Arbitrary<BlockSettings> = fc
  .record({ bits, blockSize, symmetric: fc.boolean(), method: fc.constantFrom('rtn', 'mse', 'k-quant') })
  .map((drawn) => ({ ...drawn, symmetric: drawn.symmetric && drawn.method !== 'k-quant' }));

/** Weights of every size and sign, zeros, constant and one-sided columns among them. */
const weight: fc.Arbitrary<WeightMatrix> = fc
  .record({ k: fc.integer({ min: 1, max: 300 }), n: fc.integer({ min: 1, max: 9 }), seed: fc.nat(), kind: fc.nat(4) })
  .map(({ k, n, seed, kind }) => {
    const { data } = gaussianWeight({ k, n }, seed);
    const changes = [(x: number) => x, Math.abs, (x: number) => -Math.abs(x), () => 0.25, () => 0] as const;
    return { k, n, isTransposed: false, data: data.map(changes[kind] ?? ((x) => x)) };
  });

describe('integers and scales', () => {
  test("stand for the weights that onnxruntime's MatMulNBits multiplies by, to the last bit", async () => {
    await fc.assert(
      fc.asyncProperty(weight, settings, async (w, how) => {
        const blocks = quantizeBlocks(w, how);
        const expected = dequantizeBlocks(blocks);
        const found = await weightByMatMul(packBlocks(blocks));
        // An addition of zeros makes -0 a 0.
        expect(found.map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("stand for the rows that onnxruntime's GatherBlockQuantized reads, to the last bit", async () => {
    await fc.assert(
      fc.asyncProperty(weight, settings, async (w, how) => {
        const blocks = quantizeBlocks(w, how);
        const tensors = packBlocks(blocks);
        const isWhole = (w.k * how.bits) % 8 === 0;
        expect(tensors.rows !== null).toBe(isWhole);
        expect(isWhole ? await rowsByGather(tensors) : null).toEqual(isWhole ? dequantizeRows(blocks) : null);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  test('do not depend on how the weight lies in memory', () => {
    fc.assert(
      fc.property(weight, settings, (w, how) => {
        expect(quantizeBlocks(transposed(w), how)).toEqual(quantizeBlocks(w, how));
      }),
      { numRuns: 40, seed: 3 },
    );
    const wide = gaussianWeight({ k: 70, n: 150 });
    const how: BlockSettings = { bits: 4, blockSize: 32, symmetric: false, method: 'rtn' };
    expect(quantizeBlocks(transposed(wide), how)).toEqual(quantizeBlocks(wide, how));
  });
});

describe('round to nearest', () => {
  test('does what mlas/lib/q4_dq.cpp does', () => {
    fc.assert(
      fc.property(weight, bits, blockSize, fc.boolean(), (w, b, size, symmetric) => {
        const found = quantizeBlocks(w, { bits: b, blockSize: size, symmetric, method: 'rtn' });
        expect(found).toEqual({ bits: b, blockSize: size, k: w.k, n: w.n, ...mlas(w, { b, size, symmetric }) });
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  test('maps the extreme to the end with one integer more, by a negative scale where it is positive', () => {
    const w = {
      k: 16,
      n: 1,
      isTransposed: false,
      data: Float32Array.from({ length: 16 }, (_, i) => (i === 3 ? 4 : -1)),
    };
    const blocks = quantizeBlocks(w, { bits: 4, blockSize: 16, symmetric: true, method: 'rtn' });
    expect([...blocks.scales]).toEqual([-0.5]);
    expect([...blocks.q].slice(2, 5)).toEqual([10, 0, 10]);
  });

  test('refuses what is not finite', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const data = new Float32Array(32).fill(bad);
      const w = { k: 32, n: 1, isTransposed: false, data };
      expect(() => quantizeBlocks(w, { bits: 4, blockSize: 32, symmetric: true, method: 'rtn' })).toThrow(RangeError);
    }
  });
});

describe('the search for scales', () => {
  test.each([16, 32, 64, 128, 256] as const)('beats round to nearest by 0.2 dB at 4 bits in blocks of %i', (size) => {
    const w = gaussianWeight({ k: 512, n: 48 }, 5);
    for (const symmetric of [true, false]) {
      const decibels = (method: 'rtn' | 'mse') =>
        sqnr(w.data, dequantizeBlocks(quantizeBlocks(w, { bits: 4, blockSize: size, symmetric, method })));
      expect(decibels('mse')).toBeGreaterThan(decibels('rtn') + 0.2);
    }
  });

  test('never makes a block worse', () => {
    fc.assert(
      fc.property(weight, bits, fc.boolean(), (w, b, symmetric) => {
        const noise = (method: 'rtn' | 'mse') => {
          const found = dequantizeBlocks(quantizeBlocks(w, { bits: b, blockSize: 32, symmetric, method }));
          return found.reduce((sum, x, i) => sum + (x - (w.data[i] ?? 0)) ** 2, 0);
        };
        expect(noise('mse')).toBeLessThanOrEqual(noise('rtn') * (1 + 1e-5) + 1e-12);
      }),
      { numRuns: 40, seed: 6 },
    );
  });
});

describe('k-quant', () => {
  test('is as good as round to nearest on its own measure, and exact for a constant', () => {
    const w = gaussianWeight({ k: 256, n: 16 }, 8);
    const error = (method: 'rtn' | 'k-quant') => {
      const found = dequantizeBlocks(quantizeBlocks(w, { bits: 4, blockSize: 128, symmetric: false, method }));
      return found.reduce((sum, x, i) => sum + Math.abs(w.data[i] ?? 0) * (x - (w.data[i] ?? 0)) ** 2, 0);
    };
    expect(error('k-quant')).toBeLessThan(error('rtn'));
    for (const value of [0.3, -0.3, 0]) {
      const data = new Float32Array(40).fill(value);
      const blocks = quantizeBlocks(
        { k: 40, n: 1, isTransposed: false, data },
        { bits: 4, blockSize: 32, symmetric: false, method: 'k-quant' },
      );
      expect(dequantizeBlocks(blocks)).toEqual(data);
    }
  });

  test('has zero points', () => {
    const w = gaussianWeight({ k: 32, n: 1 });
    expect(() => quantizeBlocks(w, { bits: 4, blockSize: 32, symmetric: true, method: 'k-quant' })).toThrow(RangeError);
  });
});

async function rowsByGather({ rows, scales, zeroPoints, n, k, bits: b, blockSize: size }: BlockTensors) {
  if (rows === null) throw new TypeError('no rows');
  const g = new GraphBuilder();
  const inputs = [g.constant('rows', rows), g.input('ids', 'int64', [n]), g.constant('scales', scales)];
  if (zeroPoints !== null) inputs.push(g.constant('zero_points', zeroPoints));
  const attributes = { gather_axis: 0, quantize_axis: 1, bits: b, block_size: size };
  const y = g.op('GatherBlockQuantized', inputs, { domain: 'com.microsoft', attributes });
  g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: [n, k] });
  const ids = { type: 'int64', dims: [n], data: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) } as const;
  const outputs = await runModel(g.model({ opsets: { 'com.microsoft': 1 } }), { ids });
  return floatsIn(outputs['y']);
}

/** The C++ read line by line: float32 at every step, `roundf`. */
function mlas(
  { data, k, n }: WeightMatrix,
  { b, size, symmetric }: { b: BlockBits; size: BlockSize; symmetric: boolean },
) {
  const f = Math.fround;
  const most = 2 ** b - 1;
  const [q, scales, zeroPoints]: [number[], number[], number[]] = [[], [], []];
  for (let column = 0; column < n; column++) {
    for (let from = 0; from < k; from += size) {
      const block = Array.from({ length: Math.min(size, k - from) }, (_, i) => data[(from + i) * n + column] ?? 0);
      const [low, high] = [Math.min(...block), Math.max(...block)];
      const span = f(f(Math.max(high, 0) - Math.min(low, 0)) / most);
      const scale = symmetric ? f(-(Math.abs(high) > Math.abs(low) ? high : low) / 2 ** (b - 1)) : span;
      const raw = span === 0 ? Math.min(low, 0) : f(0 - f(Math.min(low, 0) / span));
      const zeroPoint = symmetric ? 2 ** (b - 1) : Math.round(Math.max(0, Math.min(most, raw)));
      const reciprocal = scale === 0 ? 0 : f(1 / scale);
      scales.push(scale);
      zeroPoints.push(zeroPoint);
      for (let i = 0; i < size; i++) {
        const x = f(f((block[i] ?? 0) * reciprocal) + zeroPoint);
        q.push(i < block.length ? Math.max(0, Math.min(most, Math.round(x))) : zeroPoint);
      }
    }
  }
  return {
    q: Uint8Array.from(q),
    scales: Float32Array.from(scales),
    zeroPoints: symmetric ? null : Uint8Array.from(zeroPoints),
  };
}
