import { describe, expect, test } from 'vitest';
import type { Expr } from '../../../src/compute/expressions/expr.ts';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';
import { runModel } from '../../numerics/run-model.ts';

const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);

/** What the runtime makes of an expression on x, which must have the shape that was told. */
async function run(write: (e: Expressions, x: Expr) => Expr) {
  const e = new Expressions();
  const y = write(e, e.input('x', 'float32', x.dims));
  e.output(y, 'y');
  const { y: made } = await runModel(encodeModel(e.model()), { x });
  expect(made?.dims).toEqual(y.dims);
  return Array.from(made?.data ?? [], Number);
}

describe('shapes are told as the runtime makes them', () => {
  test.each([
    [{ axis: -1, start: -2, end: 3 }, [2, 3, 5, 6]],
    [{ axis: 1, start: 0, end: -1 }, [1, 2, 4, 5]],
    [{ axis: 1, start: 1, end: 99 }, [2, 3, 5, 6]],
    [{ axis: 0, start: -99, end: 1 }, [1, 2, 3]],
    [{ axis: 1, start: 2, end: 1 }, []],
    [{ axis: -2, start: -99, end: 99 }, [1, 2, 3, 4, 5, 6]],
  ])('slice %o', async (spec, expected) => {
    expect(await run((e, each) => e.slice(each, spec))).toEqual(expected);
  });

  test('concat along an axis from the end', async () => {
    const both = await run((e, each) => e.concat([each, e.slice(each, { axis: 1, start: 0, end: 1 })], -1));
    expect(both).toEqual([1, 2, 3, 1, 4, 5, 6, 4]);
  });

  test('sums over axes from the end, over all and over none', async () => {
    expect(await run((e, each) => e.reduceSum(each, [-1]))).toEqual([6, 15]);
    expect(await run((e, each) => e.reduceSum(each, [-1, -2], true))).toEqual([21]);
    expect(await run((e, each) => e.sumAll(each))).toEqual([21]);
    expect(await run((e, each) => e.reduceSum(each, []))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

test('shapes that do not fit are refused', () => {
  const e = new Expressions();
  const [a, b, c] = [e.input('a', 'float32', [2, 3]), e.input('b', 'float32', [4, 3]), e.input('c', 'float32', [2])];
  expect(() => e.concat([a, b], 1)).toThrow('[2,3] and [4,3] do not fit along axis 1');
  expect(() => e.concat([a, c], 0)).toThrow('do not fit');
  expect(() => e.transpose(a, [0])).toThrow('[0] does not order the axes of [2,3]');
  expect(() => e.transpose(a, [1, 1])).toThrow('does not order');
});
