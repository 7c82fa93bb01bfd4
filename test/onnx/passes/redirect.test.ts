import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { redirect } from '../../../src/onnx/passes/redirect.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';

const float = tensorType('float32');

describe('redirect', () => {
  it('moves readers, also those in subgraphs', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const a = g.op('Relu', [x], { as: 'a' });
    const b = g.op('Identity', [a], { as: 'b' });
    const body = g.subgraph('then');
    body.output(body.op('Neg', [b]));
    const condition = g.input('condition', 'bool', []);
    const other = g.subgraph('else');
    other.output(other.op('Abs', [b]));
    const attributes = { then_branch: body.graph, else_branch: other.graph };
    g.output(g.op('If', [condition], { attributes }), 'y', float);
    expect(redirect(b, a)).toBe(true);
    expect(b.isUnused).toBe(true);
    expect(a.useCount).toBe(3);
    checkGraph(g.model());
  });

  it('gives an output its place, name and declared type', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n']);
    const a = g.op('Relu', [x], { as: 'a' });
    const y = g.output(g.op('Identity', [a]), 'y', tensorType('float32', ['m']));
    y.info = { docString: 'the result' };
    expect(redirect(y, a)).toBe(true);
    const model = g.model();
    checkGraph(model);
    const [output] = model.graph.outputs;
    expect(output).toBe(a);
    expect([a.name, y.name]).toEqual(['y', 'a']);
    expect(a.declaredType).toEqual(tensorType('float32', ['m']));
    expect(a.info.docString).toBe('the result');
    expect(y.declaredType).toBeNull();
  });

  it.each(['input', 'initializer', 'other output'])('refuses to return an %s under another name', (kind) => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1]);
    const made = g.op('Relu', [x]);
    const source = { input: x, initializer: g.constant('c', floats([1], [1])), 'other output': made }[kind] ?? x;
    g.output(made, 'z', float);
    const y = g.output(g.op('Identity', [source]), 'y', float);
    expect(redirect(y, source)).toBe(false);
    expect(g.graph.outputs).toEqual([made, y]);
    checkGraph(g.model());
  });

  it('refuses values of inner graphs', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1]);
    const body = g.subgraph('body');
    const inner = body.op('Relu', [x]);
    const y = g.op('Neg', [x]);
    g.op('Abs', [y]);
    expect(redirect(y, inner)).toBe(false);
    expect(y.useCount).toBe(1);
  });

  /** `local` names a value inside a branch; names may repeat across scopes in a file. */
  function shadowed(local: string) {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1]);
    const a = g.op('Relu', [x], { as: 'a' });
    const b = g.op('Identity', [a], { as: 'b' });
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    const inside = then.op('Neg', [local === 'a' ? b : a]);
    inside.rename(local);
    then.output(then.op('Abs', [inside]));
    other.output(other.op('Abs', [x]));
    const condition = g.input('condition', 'bool', []);
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    g.output(g.op('If', [condition], { attributes }), 'z', float);
    return { g, a, b };
  }

  it('refuses when a subgraph has another value of that name', () => {
    const { g, a, b } = shadowed('a');
    checkGraph(g.model());
    expect(redirect(b, a)).toBe(false);
    checkGraph(g.model());
  });

  it('refuses when the new name would be hidden from a reader in a subgraph', () => {
    const { g, a, b } = shadowed('y');
    g.output(b, 'y', float);
    checkGraph(g.model());
    expect(redirect(b, a)).toBe(false);
    checkGraph(g.model());
  });
});
