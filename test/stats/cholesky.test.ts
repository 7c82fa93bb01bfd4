import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CholeskyFactor } from '../../src/stats/cholesky.ts';
import { choleskyInPlace, factorCholesky } from '../../src/stats/cholesky.ts';
import { invertCholesky } from '../../src/stats/invert-cholesky.ts';
import { quadraticForms } from '../../src/stats/quadratic-forms.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { solveCholesky } from '../../src/stats/solve-cholesky.ts';
import { transposed } from '../../src/stats/transposed.ts';

/** Blocks are of 32: sizes on both sides of their ends. */
const sizes = fc.constantFrom(1, 2, 5, 31, 32, 33, 64, 70);

function randomNumbers(length: number, seed: number): Float64Array {
  const random = createRandom(seed, length);
  return Float64Array.from({ length }, () => random.normal());
}

/** `B Bᵀ + I`. */
function definite(n: number, seed: number): Float64Array {
  const b = randomNumbers(n * n, seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = i === j ? 1 : 0;
      for (let m = 0; m < n; m++) sum += (b[i * n + m] ?? 0) * (b[j * n + m] ?? 0);
      a[i * n + j] = sum;
    }
  return a;
}

function factorOf(a: Float64Array, n: number): CholeskyFactor {
  const factor = factorCholesky(a.slice(), n);
  if (factor === null) throw new Error('not positive definite');
  return factor;
}

/** Largest of |A x - b|, x and b being rows. */
function residual(a: Float64Array, x: Float64Array, b: Float64Array): number {
  const n = Math.sqrt(a.length);
  let worst = 0;
  for (let row = 0; row < x.length; row += n)
    for (let i = 0; i < n; i++) {
      let sum = -(b[row + i] ?? 0);
      for (let j = 0; j < n; j++) sum += (a[i * n + j] ?? 0) * (x[row + j] ?? 0);
      worst = Math.max(worst, Math.abs(sum));
    }
  return worst;
}

describe('cholesky', () => {
  test('C C^T is the matrix, and C^T lies above the diagonal', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), (n, seed) => {
        const a = definite(n, seed);
        const { triangles } = factorOf(a, n);
        let worst = 0;
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let m = 0; m <= j; m++) sum += (triangles[i * n + m] ?? 0) * (triangles[j * n + m] ?? 0);
            worst = Math.max(worst, Math.abs(sum - (a[i * n + j] ?? 0)));
          }
        expect(worst).toBeLessThan(1e-10 * n * n);
        expect(transposed(triangles, n, n)).toEqual(triangles);
      }),
      { numRuns: 20 },
    );
  });

  test('refuses what is indefinite, singular or not finite', () => {
    expect(choleskyInPlace(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(factorCholesky(new Float64Array(9), 3)).toBeNull();
    expect(factorCholesky(Float64Array.of(1, 0, NaN, 1), 2)).toBeNull();
    expect(factorCholesky(Float64Array.of(Infinity), 1)).toBeNull();
  });

  test('solves many right-hand sides, and inverts', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), fc.integer(), (n, count, seed) => {
        const a = definite(n, seed);
        const factor = factorOf(a, n);
        const b = randomNumbers(count * n, seed + 1);
        const x = b.slice();
        solveCholesky(factor, x);
        expect(residual(a, x, b)).toBeLessThan(1e-9 * n);
        const identity = new Float64Array(n * n).map((_, i) => (i % (n + 1) === 0 ? 1 : 0));
        expect(residual(a, invertCholesky(factor), identity)).toBeLessThan(1e-9 * n);
      }),
      { numRuns: 20 },
    );
    expect(() => solveCholesky(factorOf(Float64Array.of(4), 1), new Float64Array(0))).not.toThrow();
    expect(() => solveCholesky(factorOf(definite(2, 1), 2), new Float64Array(3))).toThrow(RangeError);
  });
});

test('quadraticForms are w^T H w', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 4 }), fc.integer(), (k, count, seed) => {
      const h = definite(k, seed);
      const rows = randomNumbers(count * k, seed + 1);
      const found = quadraticForms({ rows, count, k }, h);
      for (let row = 0; row < count; row++) {
        let sum = 0;
        for (let i = 0; i < k; i++)
          for (let j = 0; j < k; j++) sum += (rows[row * k + i] ?? 0) * (h[i * k + j] ?? 0) * (rows[row * k + j] ?? 0);
        expect(Math.abs((found[row] ?? 0) / sum - 1)).toBeLessThan(1e-9);
      }
    }),
    { numRuns: 20 },
  );
});

test('transposed turns rows into columns', () => {
  const rows = randomNumbers(40 * 70, 1);
  const turned = transposed(rows, 40, 70);
  expect(turned).toEqual(Float64Array.from({ length: 2800 }, (_, i) => rows[(i % 40) * 70 + Math.floor(i / 40)] ?? 0));
  expect(transposed(turned, 70, 40)).toEqual(rows);
});
