import { describe, expect, test } from 'vitest';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import { floats } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCase } from '../../reference/operator-case.ts';
import { draw } from '../../reference/operator-case.ts';
import { checkGradient } from '../gradient-check.ts';
import { gradientOf } from './gradient-of.ts';
import { problemsOf } from './problems-of.ts';

interface Pool {
  readonly x: readonly number[];
  readonly attributes: Readonly<Record<string, PlainAttribute>>;
}

function caseOf(op: string, { x, attributes }: Pool): OperatorCase {
  return {
    seed: x.length,
    draw: (random) => ({ x: draw(random, x) }),
    build: (g, input) => [g.op(op, [input('x')], { attributes })],
  };
}

/** Windows side by side and windows that overlap go different ways. */
const pools: Readonly<Record<string, Pool>> = {
  tiles: { x: [2, 3, 6, 4], attributes: { kernel_shape: [3, 2], strides: [3, 2] } },
  'tiles that leave the end unread': { x: [2, 2, 7, 5], attributes: { kernel_shape: [2, 3], strides: [2, 3] } },
  'tiles of one axis': { x: [2, 3, 9], attributes: { kernel_shape: [4], strides: [4] } },
  'tiles of three axes': { x: [1, 2, 4, 2, 3], attributes: { kernel_shape: [2, 2, 3], strides: [2, 2, 3] } },
  'a last tile that is not full': {
    x: [1, 2, 5, 5],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
  },
  'padded tiles': { x: [1, 2, 4, 4], attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] } },
  overlaps: { x: [2, 2, 6, 6], attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } },
  'overlaps without strides': { x: [1, 2, 4, 5], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  dilations: { x: [1, 2, 7, 7], attributes: { kernel_shape: [2, 3], dilations: [3, 2], strides: [2, 1] } },
  same: { x: [1, 2, 5, 6], attributes: { kernel_shape: [3, 2], strides: [2, 1], auto_pad: 'SAME_LOWER' } },
};

describe('MaxPool', () => {
  test.each(Object.entries(pools))('%s', (_, pool) =>
    expect(checkGradient(caseOf('MaxPool', pool))).resolves.toBeUndefined(),
  );

  test('counts positions by rows where the forward node counts them by columns', async () => {
    const attributes = { kernel_shape: [2, 2], storage_order: 1 };
    await expect(checkGradient(caseOf('MaxPool', { x: [2, 1, 3, 4], attributes }))).resolves.toBeUndefined();
  });

  test('equal elements of a tile share its gradient', async () => {
    const x = floats([1, 1, 2, 4], [1, 1, 5, 2, 1, 1, 3, 5]);
    const gradient = await gradientOf({ op: 'MaxPool', x, attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
    expect([...gradient]).toEqual([0.25, 0.25, 0.5, 0, 0.25, 0.25, 0, 0.5]);
  });
});

describe('AveragePool', () => {
  for (const count_include_pad of [0, 1]) {
    test.each(Object.entries(pools))(`%s, count_include_pad ${count_include_pad}`, (_, { x, attributes }) =>
      expect(
        checkGradient(caseOf('AveragePool', { x, attributes: { ...attributes, count_include_pad } })),
      ).resolves.toBeUndefined(),
    );
  }

  test('onnxruntime pads other than said where there are dilations, which is told', () => {
    const attributes = { kernel_shape: [2], dilations: [2], auto_pad: 'SAME_UPPER' };
    expect(problemsOf(caseOf('AveragePool', { x: [1, 1, 5], attributes }), { y0: [1, 1, 5] })).toEqual([
      'its auto_pad comes with dilations',
    ]);
  });
});

test('GlobalMaxPool: equal elements share the gradient', async () => {
  const x = floats([1, 2, 1, 3], [3, 3, 1, 0, 1, 2]);
  expect([...(await gradientOf({ op: 'GlobalMaxPool', x, attributes: {} }))]).toEqual([0.5, 0.5, 0, 0, 0, 1]);
});
