import { describe, expect, it } from 'vitest';
import { attributeOf } from '../../src/onnx/attribute.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import { copyNodes } from '../../src/onnx/copy-graph.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, long, longs } from '../../src/onnx/graph-builder.ts';
import { sortTopologically } from '../../src/onnx/sort.ts';
import { allGraphsOf } from '../../src/onnx/traverse.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { runModel } from '../numerics/run-model.ts';

/** y = x + x + x, by a loop whose body captures x and has a constant of its own. */
function looped(g: GraphBuilder, x: Value): Value {
  const body = g.subgraph('body');
  body.input('iteration', 'int64', []);
  const condition = body.input('condition', 'bool', []);
  const sum = body.input('sum', 'float32', [2]);
  const one = body.constant('one', floats([], [1]));
  body.output(body.op('Identity', [condition]));
  body.output(body.op('Add', [sum, body.op('Mul', [x, one])], { name: 'add' }));
  const start = g.op('Sub', [x, x], { as: 'start' });
  start.setType(tensorType('float32', [2]));
  const attributes = { body: body.graph };
  return g.op('Loop', [g.constant('times', long(3)), null, start], { name: 'loop', attributes });
}

describe('copyNodes', () => {
  it('copies nodes with subgraphs, feeding the copies from other values', async () => {
    const g = new GraphBuilder();
    const [x, z] = [g.input('x', 'float32', [2]), g.input('z', 'float32', [2])];
    const y = g.output(looped(g, x), 'y', tensorType('float32', [2]));
    const nodes = [...g.graph.nodes()];
    const values = new Map<Value, Value | null>([[x, z]]);
    const copies = copyNodes(nodes, g.graph, { before: nodes[0] ?? null, values });
    const copy = values.get(y);
    expect(copies.map(({ op, name }) => `${op} ${name}`)).toEqual(['Sub ', 'Loop loop_1']);
    expect([...g.graph.nodes()]).toEqual([...copies, ...nodes]);
    expect(copies[0]?.output(0)?.type).toEqual(tensorType('float32', [2]));
    g.output(copy ?? x, 'copy', tensorType('float32', [2]));
    const model = g.model();
    checkGraph(model);
    const names = [...allGraphsOf(g.graph)].flatMap((graph) => [...graph.nodes()].flatMap(({ outputs }) => outputs));
    expect(new Set(names.map((value) => value?.name)).size).toBe(names.length);
    const feeds = { x: floats([2], [1, 2]), z: floats([2], [5, -5]) };
    expect(await runModel(encodeModel(model), feeds)).toEqual({ y: floats([2], [3, 6]), copy: floats([2], [15, -15]) });
  });

  it('copies into another model, out of order, without touching the first', () => {
    const from = new GraphBuilder();
    const x = from.input('x', 'float32', [2]);
    from.output(from.op('Neg', [looped(from, x)]), 'y');
    const last = from.graph.lastNode;
    from.graph.moveBefore(from.graph.firstNode, last ?? from.graph.append({ op: 'None', inputs: [], outputs: [] }));
    const before = encodeModel(from.model());
    const to = new GraphBuilder();
    const input = to.input('y', 'float32', [2]);
    const times = to.constant('times', long(3));
    const constants = [...from.graph.initializers].map((value): [Value, Value] => [value, times]);
    const values = new Map<Value, Value | null>([[x, input], ...constants]);
    copyNodes(from.graph.nodes(), to.graph, { before: null, values });
    const result = from.graph.outputs[0];
    to.output((result && values.get(result)) ?? input, undefined, tensorType('float32'));
    const model = to.model();
    sortTopologically(to.graph);
    checkGraph(model);
    expect(to.graph.outputs[0]?.name).toBe('y_1');
    expect(encodeModel(from.model())).toEqual(before);
  });

  it('leaves out inputs and attributes, rewrites attributes and names, at every depth', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const [yes, no] = [g.subgraph('yes'), g.subgraph('no')];
    const limit = g.constant('limit', floats([], [1]));
    yes.output(yes.op('Clip', [x, limit], { name: 'clip' }));
    no.output(no.op('Softmax', [x], { name: 'softmax', attributes: { axis: 0 } }));
    const condition = g.constant('c', longs([1]));
    g.op('If', [condition], { name: 'if', attributes: { then_branch: yes.graph, else_branch: no.graph } });
    const values = new Map<Value, Value | null>([[limit, null]]);
    const [copy] = copyNodes([...g.graph.nodes()], g.graph, {
      before: null,
      values,
      attribute: (attribute) => (attribute.name === 'axis' ? attributeOf.int('axis', 1) : attribute),
      nodeName: (name) => `call/${name}`,
    });
    const inner = copy?.subgraphs.flatMap((graph) => [...graph.nodes()]) ?? [];
    expect([copy?.name, ...inner.map(({ name }) => name)]).toEqual(['call/if', 'call/clip', 'call/softmax']);
    expect(inner[0]?.inputs).toEqual([x, null]);
    expect(inner[1]?.int('axis', 0)).toBe(1);
    expect(limit.useCount).toBe(1);
  });
});
