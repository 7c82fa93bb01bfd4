import { describe, expect, it } from 'vitest';
import { GraphBuilder, floats, long } from '../../../src/onnx/graph-builder.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { disagreements, inferAndRun } from './agreement.ts';

const zeros = (dims: readonly number[]) =>
  floats(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => 0),
  );

describe('control flow', () => {
  it('joins the branches of an If, or follows the one that is taken', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const branch = (axis: number) => {
      const b = g.subgraph('branch');
      b.output(b.op('Concat', [x, x], { attributes: { axis } }));
      return b.graph;
    };
    const condition = g.input('c', 'bool', []);
    const attributes = { then_branch: branch(0), else_branch: branch(1) };
    const open = g.op('If', [condition], { attributes });
    const two = g.op('Gather', [g.op('Shape', [x]), g.constant('zero', long(0))]);
    const taken = g.op('If', [g.op('Equal', [two, g.constant('two', long(2))])], {
      attributes: { then_branch: branch(0), else_branch: branch(1) },
    });
    const same = g.op('If', [condition], { attributes: { then_branch: branch(0), else_branch: branch(0) } });
    g.output(same, 'y');
    const model = g.model();
    const types = inferTypes(model);
    expect(types.get(open)?.shape).toEqual([null, null]);
    expect(types.get(taken)?.shape).toEqual([4, 3]);
    expect(types.get(same)?.shape).toEqual([4, 3]);
    const feeds = { x: zeros([2, 3]), c: { type: 'bool', dims: [], data: Uint8Array.of(0) } } as const;
    expect(disagreements(await inferAndRun(model, feeds))).toEqual([]);
  });

  it('carries shapes through a Loop by induction and gives up axes that grow', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const body = g.subgraph('body');
    body.input('i', 'int64', []);
    const cond = body.input('go', 'bool', []);
    const kept = body.input('kept', 'float32', null);
    const grown = body.input('grown', 'float32', null);
    body.output(body.op('Identity', [cond]));
    body.output(body.op('Relu', [kept]));
    body.output(body.op('Concat', [grown, kept], { attributes: { axis: 0 } }));
    body.output(body.op('ReduceSum', [kept], { attributes: { keepdims: 0 } }));
    const trips = g.constant('trips', long(4));
    const go = g.constant('true', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    const [a, b, c] = g.ops('Loop', [trips, go, x, x], { attributes: { body: body.graph }, outputs: 3 });
    if (!a || !b || !c) throw new Error('a loop has three outputs');
    for (const value of [a, b, c]) g.output(value, undefined, tensorType('float32', null));
    const model = g.model();
    const types = inferTypes(model);
    expect([a, b, c].map((value) => types.get(value)?.shape)).toEqual([[2, 3], [null, 3], [4]]);
    expect(disagreements(await inferAndRun(model, { x: zeros([2, 3]) }))).toEqual([]);
  });

  it('follows a Scan along its axis', async () => {
    const g = new GraphBuilder();
    const state = g.input('state', 'float32', [3]);
    const x = g.input('x', 'float32', [3, 5]);
    const body = g.subgraph('body');
    const sum = body.op('Add', [body.input('s', 'float32', null), body.input('column', 'float32', null)]);
    body.output(sum);
    body.output(body.op('Identity', [sum]));
    const attributes = { body: body.graph, num_scan_inputs: 1, scan_input_axes: [1], scan_output_axes: [1] };
    const [last, all] = g.ops('Scan', [state, x], { attributes, outputs: 2 });
    if (!last || !all) throw new Error('this scan has two outputs');
    for (const value of [last, all]) g.output(value, undefined, tensorType('float32', null));
    const model = g.model();
    expect([last, all].map((value) => inferTypes(model).get(value)?.shape)).toEqual([[3], [3, 5]]);
    const comparison = await inferAndRun(model, { state: zeros([3]), x: zeros([3, 5]) });
    expect(disagreements(comparison)).toEqual([]);
  });
});
