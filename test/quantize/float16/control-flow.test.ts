import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long, longs } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runBoth, worstSqnr } from './float16-case.ts';
import { contradictedTypes, countOf } from './model-figures.ts';

const x4 = floats([4], [0.5, -1, 2, 3]);
const truth = (value: number): DenseTensor => ({ type: 'bool', dims: [], data: Uint8Array.of(value) });

/** Both branches read an outer product and the weights. */
function branching() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [4]);
  const flag = g.input('flag', 'bool', []);
  const w = g.constant('w', floats([4], [1.1, 2.2, 3.3, 4.4]));
  const outer = g.op('Mul', [x, w], { as: 'outer' });
  const [yes, no] = ['Celu', 'Add'].map((op) => {
    const branch = g.subgraph(op);
    const inner =
      op === 'Add' ? branch.op('Add', [outer, w], { as: 'added' }) : branch.op(op, [outer], { as: 'smooth' });
    branch.output(branch.op('Neg', [inner]));
    return branch.graph;
  });
  if (yes === undefined || no === undefined) throw new Error('two branches');
  const chosen = g.op('If', [flag], { attributes: { then_branch: yes, else_branch: no }, as: 'chosen' });
  g.output(g.op('Abs', [chosen]), 'y', tensorType('float32', [4]));
  return g.model();
}

/** Sums up w · state three times and returns each round's state as well. */
function looping() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [4]);
  const w = g.constant('w', floats([4], [0.5, 0.25, 1.5, 0.75]));
  const body = g.subgraph('body');
  body.input('i', 'int64', []);
  const condition = body.input('go', 'bool', []);
  const state = body.input('state', 'float32', [4]);
  const next = body.op('Add', [body.op('Mul', [state, w]), x], { as: 'next' });
  body.output(body.op('Identity', [condition]));
  body.output(next);
  body.output(body.op('Neg', [next]));
  const looped = g.ops('Loop', [g.constant('trips', long(3)), null, x], {
    attributes: { body: body.graph },
    outputs: 2,
    as: 'looped',
  });
  for (const [index, value] of looped.entries()) {
    g.output(value, `y${index}`, tensorType('float32', index === 0 ? [4] : [3, 4]));
  }
  return g.model();
}

describe('toFloat16 on control flow', () => {
  it.each([
    ['everything', [], true, 4],
    ['a node in a branch kept', ['added'], true, 5],
    ['the If kept', ['chosen'], false, 5],
    ['what is captured kept', ['outer'], false, 3],
  ])('If: %s', async (_name, keep, keepIo, casts) => {
    for (const flag of [0, 1]) {
      const run = await runBoth(branching(), { x: x4, flag: truth(flag) }, { keep: new Set(keep), keepIo });
      expect(contradictedTypes(run.model)).toEqual([]);
      expect(run.report.casts).toBe(casts);
      expect(worstSqnr(run)).toBeGreaterThan(58);
    }
  });

  it.each([
    ['everything', []],
    ['the Loop kept', ['y0']],
    ['the body kept', ['next', 'mul_out']],
  ])('Loop: %s', async (_name, keep) => {
    const run = await runBoth(looping(), { x: x4 }, { keep: new Set(keep) });
    expect(contradictedTypes(run.model)).toEqual([]);
    expect(worstSqnr(run)).toBeGreaterThan(58);
    expect(Object.values(run.found).map(({ type }) => type)).toEqual(['float16', 'float16']);
  });

  it('Scan over float16 rows', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [3, 4]);
    const start = g.constant('start', floats([4], [0, 0.5, 0, 1]));
    const body = g.subgraph('body');
    const [state, row] = [body.input('state', 'float32', [4]), body.input('row', 'float32', [4])];
    const next = body.op('Add', [state, row], { as: 'next' });
    body.output(next);
    body.output(body.op('Abs', [next]));
    const [last, rows] = g.ops('Scan', [start, x], {
      attributes: { body: body.graph, num_scan_inputs: 1 },
      outputs: 2,
    });
    if (last === undefined || rows === undefined) throw new Error('two outputs');
    g.output(last, 'last', tensorType('float32', [4]));
    g.output(rows, 'rows', tensorType('float32', [3, 4]));
    const data = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const run = await runBoth(g.model(), { x: { type: 'float32', dims: [3, 4], data } }, { keepIo: true });
    expect(run.report).toMatchObject({ nodes: 3, float16Nodes: 3, casts: 3 });
    expect(worstSqnr(run)).toBeGreaterThan(58);
  });

  it('leaves sequences, and whoever touches them, in float32', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const twice = g.op('Add', [x, x]);
    const parts = g.op('SplitToSequence', [twice, g.constant('two', longs([2, 2]))], { attributes: { axis: 0 } });
    const joined = g.op('ConcatFromSequence', [parts], { attributes: { axis: 0 } });
    g.output(g.op('Neg', [joined]), 'y', tensorType('float32', [4]));
    const run = await runBoth(g.model(), { x: x4 });
    expect(run.report.keptNodes.every(({ reason }) => reason === 'no-kernel')).toBe(true);
    expect(countOf(run.model, 'Cast')).toBe(2);
    expect(worstSqnr(run)).toBeGreaterThan(58);
  });
});
