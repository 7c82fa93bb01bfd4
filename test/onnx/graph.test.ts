import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { present } from './present.ts';

/** x -> Relu -> a -> Neg -> b, and Add(a, b) -> y. */
function diamond() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2]);
  const a = g.op('Relu', [x], { as: 'a' });
  const b = g.op('Neg', [a], { as: 'b' });
  const y = g.output(g.op('Add', [a, b], { as: 'y' }));
  return { g, model: g.model(), graph: g.graph, x, a, b, y };
}

describe('Graph', () => {
  it('links values with who makes and who reads them', () => {
    const { x, a, b, y, model } = diamond();
    expect(a.uses.map(({ node, index }) => [node.op, index])).toEqual([
      ['Neg', 0],
      ['Add', 0],
    ]);
    expect(b.onlyUser?.op).toBe('Add');
    expect(a.onlyUser).toBeNull();
    expect(y.isOutput && y.useCount === 0).toBe(true);
    expect(x.producer).toBeNull();
    checkGraph(model);
  });

  it('moves all readers at once', () => {
    const { model, x, a, graph } = diamond();
    a.replaceUsesWith(x);
    expect(a.isUnused).toBe(true);
    expect(x.useCount).toBe(3);
    graph.remove(present(a.producer));
    expect(x.useCount).toBe(2);
    checkGraph(model);
  });

  it('counts how often a graph returns a value, however often that is', () => {
    const { graph, a } = diamond();
    const places = 100_000;
    for (let i = 0; i < places; i++) graph.addOutput(a);
    for (let i = places; i > 1; i--) graph.removeOutput(i);
    expect(a.isOutput).toBe(true);
    graph.removeOutput(1);
    expect(a.isOutput).toBe(false);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['y']);
  });

  it('refuses to remove a node that is needed, and changes nothing then', () => {
    const { model, graph, a } = diamond();
    expect(() => graph.remove(present(a.producer))).toThrow(/still makes 'a'/);
    checkGraph(model);
    expect(graph.nodeCount).toBe(3);
  });

  it('iterates while the current and coming nodes are removed and others are added', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    for (let i = 0; i < 10; i++) g.op('Relu', [x], { name: `n${i}` });
    const met: string[] = [];
    for (const node of g.graph.nodes()) {
      met.push(node.name);
      const { next } = node.links;
      if (node.name === 'n3' && next?.links.next) {
        g.graph.remove(next.links.next);
        g.graph.remove(next);
        g.graph.remove(node);
      } else if (node.name === 'n7') {
        g.graph.insertAfter(node, { op: 'Neg', inputs: [x], outputs: ['extra'], name: 'extra' });
        g.graph.remove(node);
      }
    }
    expect(met).toEqual(['n0', 'n1', 'n2', 'n3', 'n6', 'n7', 'extra', 'n8', 'n9']);
    checkGraph(g.model());
  });

  it('counts what subgraphs capture, and lets go of it when they go', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const flag = g.input('flag', 'bool', []);
    const branch = () => {
      const inner = g.subgraph('branch');
      inner.output(inner.op('Neg', [x]));
      return inner.graph;
    };
    const y = g.op('If', [flag], { attributes: { then_branch: branch(), else_branch: branch() } });
    checkGraph(g.model());
    expect(x.useCount).toBe(2);
    expect(x.uses[0]?.node.graph?.parent).toBe(g.graph);
    const node = present(y.producer);
    node.removeAttribute('else_branch');
    expect(x.useCount).toBe(1);
    g.graph.remove(node);
    expect(x.isUnused).toBe(true);
  });

  it('gives names that clash with none, in no scope', () => {
    const { g } = diamond();
    const inner = g.subgraph('inner');
    expect(inner.op('Relu', [], { as: 'a' }).name).toBe('a_1');
    expect(g.op('Relu', [], { as: 'a' }).name).toBe('a_2');
    expect(g.constant('y', floats([1], [1])).name).toBe('y_1');
  });

  it('keeps an initializer that stops being an input', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([1], [1]));
    g.graph.exposeInitializer(w);
    expect(w.constant).toBeNull();
    g.graph.removeInput(w);
    expect(w.constant?.dims).toEqual([1]);
    const x = g.input('x', 'float32', [1]);
    g.output(g.op('Add', [x, w]));
    expect(() => g.graph.removeInput(x)).toThrow(/'x' is used/);
    expect(() => g.graph.removeInitializer(w)).toThrow(/'w' is used/);
  });

  it('loses the origin of whatever changes, up to the model', () => {
    const { model, graph, a, b } = diamond();
    const origin = {
      source: { path: '', sizeBytes: 0, read: () => new Uint8Array(), fill: () => undefined },
      offset: 0,
      length: 0,
    };
    const [relu, neg, add] = graph.nodes();
    const reset = () => {
      for (const part of [model, graph, relu, neg, add]) if (part) part.origin = origin;
    };
    const lost = () => [model, graph, relu, neg, add].map((part) => part?.origin === null);
    reset();
    b.rename('c');
    expect(lost()).toEqual([true, true, false, true, true]);
    reset();
    a.setType(tensorType('float32', [2]));
    expect(lost()).toEqual([true, true, false, false, false]);
    reset();
    add?.setInput(1, a);
    expect(lost()).toEqual([true, true, false, false, true]);
  });
});

describe('checkGraph', () => {
  it('finds a reader that comes before what it reads', () => {
    const { model, graph } = diamond();
    const add = present(graph.lastNode);
    graph.moveBefore(graph.firstNode, add);
    expect(() => checkGraph(model)).toThrow(/reads 'a' before it is made/);
  });

  it('finds two values of one name, and one hidden from a subgraph', () => {
    const { model, b, g, x } = diamond();
    b.rename('a');
    expect(() => checkGraph(model)).toThrow(/two values are called 'a'/);
    b.rename('b');
    const inner = g.subgraph('inner');
    const hiding = inner.op('Relu', [x]);
    inner.output(inner.op('Neg', [b]));
    hiding.rename('b');
    g.op('If', [x], { attributes: { then_branch: inner.graph } });
    expect(() => checkGraph(model)).toThrow(/'b', read by .* is hidden/);
  });

  it('finds a value of another model', () => {
    const { model, graph } = diamond();
    const other = diamond();
    graph.lastNode?.setInput(0, other.a);
    expect(() => checkGraph(model)).toThrow(/reads 'a', which nothing makes there/);
  });
});
