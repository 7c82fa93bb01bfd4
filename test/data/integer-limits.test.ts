import { describe, expect, it } from 'vitest';
import { integerLimits } from '../../src/data/integer-limits.ts';
import { floats, GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';

const table = (rows: number) =>
  floats(
    [rows, 2],
    Array.from({ length: rows * 2 }, () => 0),
  );

describe('integerLimits', () => {
  it('reads the rows of the table that ids are looked up in', () => {
    const g = new GraphBuilder();
    const ids = g.input('ids', 'int64', ['batch', 'sequence']);
    g.output(g.op('Gather', [g.constant('table', table(30)), ids]));
    expect(integerLimits(g.model())).toEqual({ ids: 30 });
  });

  it('follows ids through what hands them on, and takes the smallest of several tables', () => {
    const g = new GraphBuilder();
    const ids = g.input('ids', 'int32', ['batch']);
    const flat = g.op('Reshape', [g.op('Cast', [ids], { attributes: { to: 7 } }), g.constant('shape', longs([-1, 1]))]);
    g.output(g.op('Gather', [g.constant('big', table(30)), flat]));
    const half = g.op('DequantizeLinear', [g.constant('small', table(20)), g.constant('scale', floats([], [1]))]);
    g.output(g.op('Gather', [half, flat]));
    expect(integerLimits(g.model())).toEqual({ ids: 20 });
  });

  it('takes the axis that is looked up', () => {
    const g = new GraphBuilder();
    const ids = g.input('ids', 'int64', ['n']);
    g.output(g.op('Gather', [g.constant('table', table(30)), ids], { attributes: { axis: -1 } }));
    expect(integerLimits(g.model())).toEqual({ ids: 2 });
  });

  it('says nothing of tables that are computed, of sums of ids, of other inputs', () => {
    const g = new GraphBuilder();
    const ids = g.input('ids', 'int64', ['n']);
    const x = g.input('x', 'float32', ['n', 2]);
    g.output(g.op('Gather', [x, ids]));
    g.output(g.op('Gather', [g.constant('table', table(30)), g.op('Add', [ids, ids])]));
    expect(integerLimits(g.model())).toEqual({});
  });
});
