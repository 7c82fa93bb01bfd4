import { describe, expect, test } from 'vitest';
import { awqBlocks } from '../../../src/quantize/blocks/awq.ts';
import type { BlockQuantized } from '../../../src/quantize/blocks/block-format.ts';
import { dequantizeBlocks } from '../../../src/quantize/blocks/dequantize-blocks.ts';
import { gptqBlocks } from '../../../src/quantize/blocks/gptq.ts';
import { factorGram } from '../../../src/stats/gram-factor.ts';
import { outputEnergy } from '../../../src/quantize/blocks/output-error.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import type { WeightMatrix } from '../../../src/quantize/blocks/weight-matrix.ts';
import { correlatedInputs, gaussianWeight, gramOf, outputsOf, sqnr, transposed, weightByMatMul } from './samples.ts';

const k = 160;
const samples = 300;
const inputs = correlatedInputs(2 * samples, k, 0.8);
const [calibration, held] = [inputs.slice(0, samples * k), inputs.slice(samples * k)];
const gram = gramOf(calibration, k);
const factor = factorGram(gram, k);
const weight = gaussianWeight({ k, n: 70 }, 3);
const exact = outputsOf(held, weight.data, weight);

/** Output SQNR in dB on inputs that calibration has not seen. */
function decibels(blocks: BlockQuantized, x = held): number {
  return sqnr(exact, outputsOf(x, dequantizeBlocks(blocks), weight));
}

describe('factorGram', () => {
  test('gives L with L^T L the damped matrix', () => {
    const { lower } = factor;
    let trace = 0;
    for (let i = 0; i < k; i++) trace += gram[i * k + i] ?? 0;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let m = i; m < k; m++) sum += (lower[m * k + i] ?? 0) * (lower[m * k + j] ?? 0);
        const wanted = (gram[i * k + j] ?? 0) + (i === j ? (0.01 * trace) / k : 0);
        expect(Math.abs(sum - wanted)).toBeLessThan(1e-9 * trace);
      }
    }
  });

  test('damps more where the matrix is indefinite, gives up on NaN, and takes a gram of nothing', () => {
    expect(factorGram(Float64Array.of(1, 1.2, 1.2, 1), 2).damping).toBeCloseTo(1);
    expect(() => factorGram(Float64Array.of(NaN, 0, 0, 1), 2)).toThrow(RangeError);
    expect(factorGram(new Float32Array(4), 2).lower).toEqual(Float64Array.of(1, 0, 0, 1));
  });
});

test('outputEnergy is the squared norm of the outputs', () => {
  const rows = Float64Array.from(transposed(weight).data);
  const energy = outputEnergy({ rows, count: weight.n, k }, gram);
  const direct = outputsOf(calibration, weight.data, weight).reduce((sum, y) => sum + y * y, 0);
  expect(Math.abs(energy / direct - 1)).toBeLessThan(1e-9);
});

describe.each([
  { blockSize: 32, symmetric: true },
  { blockSize: 32, symmetric: false },
  { blockSize: 128, symmetric: true },
  { blockSize: 64, symmetric: false },
] as const)('in blocks of $blockSize, symmetric: $symmetric', ({ blockSize, symmetric }) => {
  const format = { bits: 4, blockSize, symmetric } as const;
  const nearest = decibels(quantizeBlocks(weight, { ...format, method: 'rtn' }));

  test('GPTQ is more than 1 dB above round to nearest in the output', () => {
    expect(decibels(gptqBlocks(weight, { ...format, factor, method: 'rtn' }))).toBeGreaterThan(nearest + 1);
    expect(decibels(gptqBlocks(weight, { ...format, factor }))).toBeGreaterThan(nearest + 1);
  });

  test('GPTQ rounds as the textbook does, which inverts the matrix', () => {
    const found = gptqBlocks(weight, { ...format, factor, method: 'rtn' });
    const expected = textbook(weight, { ...format, damped: dampedGram() });
    const same = found.q.filter((q, i) => q === expected.q[i]).length;
    // A tie that falls the other way changes what comes behind it in the column.
    expect(same / found.q.length).toBeGreaterThan(0.99);
    expect(Math.abs(decibels(found) - decibels({ ...found, ...expected }))).toBeLessThan(0.1);
  });

  test('AWQ is above round to nearest where some channels are strong', () => {
    const loud = held.map((x, i) => ((i % k) % 40 === 0 ? 20 * x : x));
    const seen = calibration.map((x, i) => ((i % k) % 40 === 0 ? 20 * x : x));
    const meanAbsolute = Float64Array.from({ length: k }, (_, channel) => {
      let sum = 0;
      for (let i = channel; i < seen.length; i += k) sum += Math.abs(seen[i] ?? 0);
      return sum / samples;
    });
    const { channelScales, quantized } = awqBlocks(weight, { ...format, meanAbsolute, gram: gramOf(seen, k) });
    const folded = loud.map((x, i) => x / (channelScales[i % k] ?? 1));
    const outputs = (x: Float32Array, w: Float32Array) => outputsOf(x, w, weight);
    const wanted = outputs(loud, weight.data);
    const found = sqnr(wanted, outputs(folded, dequantizeBlocks(quantized)));
    const plain = dequantizeBlocks(quantizeBlocks(weight, { ...format, method: 'rtn' }));
    expect(found).toBeGreaterThan(sqnr(wanted, outputs(loud, plain)) + 1);
  });
});

describe('GPTQ', () => {
  const format = { bits: 4, blockSize: 64, symmetric: false } as const;

  test('is what onnxruntime multiplies by, scales and all', async () => {
    const blocks = gptqBlocks(weight, { ...format, factor });
    expect(await weightByMatMul(packBlocks(blocks))).toEqual(dequantizeBlocks(blocks).map((x) => x + 0));
    expect(gptqBlocks(transposed(weight), { ...format, factor })).toEqual(blocks);
  });

  test('rounds channels that were never active to nearest', () => {
    const silent = gramOf(
      calibration.map((x, i) => (i % k < 64 ? 0 : x)),
      k,
    );
    const blocks = gptqBlocks(weight, { ...format, factor: factorGram(silent, k), method: 'rtn' });
    const nearest = quantizeBlocks(weight, { ...format, method: 'rtn' });
    const perColumn = 3 * 64;
    for (let column = 0; column < weight.n; column++) {
      const at = column * perColumn;
      expect(blocks.q.slice(at, at + 64)).toEqual(nearest.q.slice(at, at + 64));
    }
  });

  test('wants the gram matrix of its own input', () => {
    expect(() => gptqBlocks(gaussianWeight({ k: 32, n: 1 }), { ...format, factor })).toThrow(RangeError);
  });
});

test('AWQ leaves the weight to round to nearest where nothing helps', () => {
  const format = { bits: 4, blockSize: 32, symmetric: true } as const;
  const zeros = { k: 32, n: 2, isTransposed: false, data: new Float32Array(64) };
  const found = awqBlocks(zeros, { ...format, meanAbsolute: new Float32Array(32), gram: new Float32Array(1024) });
  expect(found).toMatchObject({ ratio: null, isClipped: false });
  expect(found.quantized).toEqual(quantizeBlocks(zeros, { ...format, method: 'rtn' }));
});

function dampedGram(): Float64Array {
  let trace = 0;
  for (let i = 0; i < k; i++) trace += gram[i * k + i] ?? 0;
  return gram.map((x, i) => x + (i % (k + 1) === 0 ? (0.01 * trace) / k : 0));
}

/** GPTQ as its authors' code has it: the upper factor of the inverse, errors spread over all weights to come. */
function textbook(
  { data, n }: WeightMatrix,
  { blockSize, symmetric, damped }: { blockSize: 32 | 64 | 128; symmetric: boolean; damped: Float64Array },
) {
  const upper = upperFactor(inverse(damped));
  const kb = Math.ceil(k / blockSize);
  const q = new Uint8Array(n * kb * blockSize);
  const scales = new Float32Array(n * kb);
  const zeroPoints = new Uint8Array(n * kb).fill(8);
  for (let column = 0; column < n; column++) {
    const w = Float64Array.from({ length: k }, (_, i) => data[i * n + column] ?? 0);
    for (let i = 0; i < k; i++) {
      const block = column * kb + Math.floor(i / blockSize);
      if (i % blockSize === 0) {
        const group = Float32Array.from(w.slice(i, i + blockSize));
        const one = quantizeBlocks(
          { k: group.length, n: 1, isTransposed: false, data: group },
          { bits: 4, blockSize, symmetric, method: 'rtn' },
        );
        scales[block] = one.scales[0] ?? 0;
        zeroPoints[block] = one.zeroPoints?.[0] ?? 8;
      }
      const [scale, zeroPoint] = [scales[block] ?? 0, zeroPoints[block] ?? 0];
      const integer = Math.max(0, Math.min(15, Math.round((w[i] ?? 0) / scale + zeroPoint)));
      q[block * blockSize + (i % blockSize)] = integer;
      const error = ((w[i] ?? 0) - (integer - zeroPoint) * scale) / (upper[i * k + i] ?? 0);
      for (let j = i; j < k; j++) w[j] = (w[j] ?? 0) - error * (upper[i * k + j] ?? 0);
    }
  }
  const rest = kb * blockSize - k;
  for (let column = 0; column < n; column++)
    q.fill(zeroPoints[(column + 1) * kb - 1] ?? 8, (column + 1) * kb * blockSize - rest, (column + 1) * kb * blockSize);
  return { q, scales, zeroPoints };
}

/** Gauss and Jordan. */
function inverse(matrix: Float64Array): Float64Array {
  const a = matrix.slice();
  const b = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  for (let p = 0; p < k; p++) {
    const pivot = a[p * k + p] ?? 0;
    for (const m of [a, b]) for (let j = 0; j < k; j++) m[p * k + j] = (m[p * k + j] ?? 0) / pivot;
    for (let i = 0; i < k; i++) {
      const part = a[i * k + p] ?? 0;
      if (i === p || part === 0) continue;
      for (const m of [a, b])
        for (let j = 0; j < k; j++) m[i * k + j] = (m[i * k + j] ?? 0) - part * (m[p * k + j] ?? 0);
    }
  }
  return b;
}

/** U with U^T U the matrix. */
function upperFactor(matrix: Float64Array): Float64Array {
  const u = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      let sum = matrix[i * k + j] ?? 0;
      for (let m = 0; m < i; m++) sum -= (u[m * k + i] ?? 0) * (u[m * k + j] ?? 0);
      u[i * k + j] = i === j ? Math.sqrt(sum) : sum / (u[i * k + i] ?? 1);
    }
  }
  return u;
}
