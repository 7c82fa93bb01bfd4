import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { CycleError, sortTopologically, topologicalOrder } from '../../src/onnx/sort.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { randomModel } from './random-model.ts';

describe('topologicalOrder', () => {
  it('keeps the order of a sorted graph', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { graph } = randomModel(seed).model;
      expect(topologicalOrder(graph)).toEqual([...graph.nodes()]);
      expect(sortTopologically(graph)).toBe(false);
    }
  });

  it('sorts any shuffle, also by what subgraphs capture', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { model } = randomModel(seed);
      const nodes = createRandom(seed, 'shuffle').shuffle([...model.graph.nodes()]);
      for (const node of nodes) model.graph.moveBefore(null, node);
      sortTopologically(model.graph);
      checkGraph(model);
      expect(model.graph.nodeCount).toBe(nodes.length);
    }
  });

  it('finds a circle', () => {
    const g = new GraphBuilder();
    const a = g.op('Relu', [g.input('x', 'float32', [1])], { name: 'first' });
    const b = g.op('Neg', [a]);
    a.producer?.setInput(0, b);
    expect(() => topologicalOrder(g.graph)).toThrow(CycleError);
  });

  it('takes a chain longer than the call stack', () => {
    const g = new GraphBuilder();
    let value = g.input('x', 'float32', [1]);
    for (let i = 0; i < 50_000; i++) value = g.op('Relu', [value]);
    for (const node of [...g.graph.nodes()].toReversed()) g.graph.moveBefore(null, node);
    expect(topologicalOrder(g.graph).at(-1)).toBe(value.producer);
  });
});
