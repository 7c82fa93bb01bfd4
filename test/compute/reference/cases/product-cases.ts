import fc from 'fast-check';
import type { OperatorCases } from '../operator-case.ts';
import { broadcastShapes, casesOf, draw } from '../operator-case.ts';

const length = fc.integer({ min: 1, max: 4 });

const matmul = casesOf(
  'MatMul',
  fc.record({
    batch: broadcastShapes(2).map((shapes) => shapes.map((dims) => dims.slice(-2))),
    rows: fc.option(length),
    inner: length,
    columns: fc.option(length),
  }),
  ({ batch: [left = [], right = []], rows, inner, columns }) => {
    // A vector has no stack of its own.
    const a = rows === null ? [inner] : [...left, rows, inner];
    const b = columns === null ? [inner] : [...right, inner, columns];
    return {
      draw: (random) => ({ a: draw(random, a), b: draw(random, b) }),
      build: (g, input) => [g.op('MatMul', [input('a'), input('b')])],
    };
  },
);

const factor = fc.constantFrom(undefined, { float: 0.5 }, { float: -2 }, { float: 1 });

const gemm = casesOf(
  'Gemm',
  fc.record({
    size: fc.tuple(length, length, length),
    transA: fc.nat(1),
    transB: fc.nat(1),
    alpha: factor,
    beta: factor,
    bias: fc.constantFrom('none', 'scalar', 'one', 'row', 'column', 'matrix', 'vector'),
  }),
  ({ size: [m, k, n], transA, transB, alpha, beta, bias }) => {
    const biases = { scalar: [], one: [1], row: [1, n], column: [m, 1], matrix: [m, n], vector: [n] };
    const attributes = {
      transA,
      transB,
      ...(alpha === undefined ? {} : { alpha }),
      ...(beta === undefined ? {} : { beta }),
    };
    return {
      draw: (random) => ({
        a: draw(random, transA === 1 ? [k, m] : [m, k]),
        b: draw(random, transB === 1 ? [n, k] : [k, n]),
        ...(bias === 'none' ? {} : { c: draw(random, biases[bias]) }),
      }),
      build: (g, input) => [
        g.op('Gemm', [input('a'), input('b'), ...(bias === 'none' ? [] : [input('c')])], { attributes }),
      ],
    };
  },
);

const equations = [
  'ij,jk->ik',
  'bij,bjk->bki',
  'bhid,bhjd->bhij',
  'i,j->ij',
  'bi->b',
  'ijk->kij',
  'ij,jk,kl->il',
  'bd,d->bd',
];

const einsum = casesOf(
  'Einsum',
  fc.record({ equation: fc.constantFrom(...equations), lengths: fc.array(length, { minLength: 5, maxLength: 5 }) }),
  ({ equation, lengths }) => {
    const terms = equation.replace(/->.*/u, '').split(',');
    const labels = [...new Set(terms.join(''))];
    const dimsOf = (term: string) => [...term].map((label) => lengths[labels.indexOf(label)] ?? 1);
    return {
      draw: (random) => Object.fromEntries(terms.map((term, index) => [`x${index}`, draw(random, dimsOf(term))])),
      build: (g, input) => [
        g.op(
          'Einsum',
          terms.map((_, index) => input(`x${index}`)),
          { attributes: { equation } },
        ),
      ],
    };
  },
);

export const productCases: readonly OperatorCases[] = [matmul, gemm, einsum];
