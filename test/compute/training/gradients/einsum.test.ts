import { expect, test } from 'vitest';
import { differentiated } from './differentiated.ts';
import { drawn, expectLinear } from './expect-linear.ts';

test.each([
  {
    equation: 'ij,jk->ik',
    shapes: [
      [2, 3],
      [3, 4],
    ],
  },
  {
    equation: 'bhqd,bhkd->bhqk',
    shapes: [
      [1, 2, 3, 2],
      [1, 2, 4, 2],
    ],
  },
  { equation: 'i,j', shapes: [[2], [3]] },
  { equation: 'ijk->k', shapes: [[2, 3, 2]] },
  {
    equation: '...ij,jk->...ik',
    shapes: [
      [2, 2, 3],
      [3, 2],
    ],
  },
  {
    equation: 'ab,bc,cd->ad',
    shapes: [
      [2, 2],
      [2, 3],
      [3, 2],
    ],
  },
  { equation: 'ij->ji', shapes: [[2, 3]] },
  {
    equation: 'ij,kj->i',
    shapes: [
      [2, 3],
      [4, 3],
    ],
  },
])('$equation', ({ equation, shapes }) =>
  expectLinear({
    feeds: Object.fromEntries(shapes.map((dims, index) => [`x${index}`, drawn(...dims)])),
    build: (g, input) =>
      g.op(
        'Einsum',
        shapes.map((_, index) => input(`x${index}`)),
        { attributes: { equation } },
      ),
  }),
);

test('a diagonal is told', async () => {
  const { frozen } = await differentiated({
    feeds: { x: drawn(3, 3) },
    build: (g, input) => g.op('Einsum', [input('x')], { attributes: { equation: 'ii->i' } }),
  });
  expect(frozen).toEqual({ x: 'Einsum: it reads a diagonal' });
});
