import { describe, expect, it } from 'vitest';
import { PeakFinder } from '../../src/inspect/activation-peak.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Node } from '../../src/onnx/node.ts';
import { inferScope } from '../../src/onnx/shape/infer-types.ts';
import type { Value } from '../../src/onnx/value.ts';
import { randomModel } from '../onnx/random-model.ts';
import { Network } from './network.ts';

function peakOf(model: Model) {
  return new PeakFinder().graph(model.graph, inferScope(model));
}

/** By definition and the slow way: for each node, every value that is made by then and needed then or later. */
function peakByDefinition(model: Model): number {
  const { types } = inferScope(model);
  const order: readonly Node[] = [...model.graph.nodes()];
  const place = new Map(order.map((node, index) => [node, index]));
  const madeAt = (value: Value) => (value.producer === null ? -1 : (place.get(value.producer) ?? NaN));
  const neededAt = (value: Value) =>
    value.isOutput ? Infinity : Math.max(madeAt(value), ...value.uses.map(({ node }) => place.get(node) ?? NaN));
  const made = order.flatMap((node) => node.outputs.filter((value) => value !== null));
  const values = [...model.graph.inputs.filter((value) => !value.isUnused), ...made];
  const sizes = values.map((value) => {
    const { elementType, shape } = types.get(value) ?? { elementType: null, shape: null };
    const bytes = elementType === 'int64' ? 8 : elementType === 'bool' ? 1 : 4;
    return (shape ?? [NaN]).reduce<number>((product, dim) => product * Number(dim), bytes);
  });
  const liveAt = (index: number) =>
    values.reduce((sum, value, at) => {
      const isLive = madeAt(value) <= index && neededAt(value) >= index;
      return sum + (isLive && value.producer?.op !== 'Constant' ? (sizes[at] ?? NaN) : 0);
    }, 0);
  return Math.max(...order.map((_, index) => liveAt(index)));
}

describe('PeakFinder', () => {
  it('counts inputs and outputs of each node of a chain', () => {
    const g = new Network();
    const wide = g.op('MatMul', [g.input('x', 'float32', [1, 10]), g.weight([10, 100])]);
    const narrow = g.op('MatMul', [wide, g.weight([100, 5])]);
    g.output(g.op('Relu', [narrow]), 'y');
    const { bytes, node } = peakOf(g.model());
    expect(bytes).toBe(4 * (10 + 100));
    expect(node).toBe(wide.producer);
  });

  it('keeps what a shortcut still needs', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [100]);
    const a = g.op('Relu', [x]);
    const b = g.op('Relu', [a]);
    g.output(g.op('Add', [x, b]), 'y');
    // While b is made: x for the sum, a and b.
    expect(peakOf(g.model()).bytes).toBe(4 * 300);
  });

  it('equals the definition on random models', () => {
    const models = Array.from({ length: 80 }, (_, seed) => randomModel(seed, { steps: 30 }).model);
    const flat = models.filter(({ graph }) => [...graph.nodes()].every(({ subgraphs }) => subgraphs.length === 0));
    expect(flat.length).toBeGreaterThan(20);
    expect(flat.map((model) => peakOf(model).bytes)).toEqual(flat.map((model) => peakByDefinition(model)));
  });

  it('adds what lives inside a body', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [100]);
    const branch = () => {
      const b = g.subgraph('branch');
      const tile = b.op('Concat', [x, x, x], { attributes: { axis: 0 } });
      b.output(b.op('Slice', [tile, zero, hundred]));
      return b.graph;
    };
    const vector = (value: number) => ({ type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(value)) }) as const;
    const [zero, hundred] = [g.constant('from', vector(0)), g.constant('to', vector(100))];
    const attributes = { then_branch: branch(), else_branch: branch() };
    g.output(g.op('If', [g.input('c', 'bool', [])], { attributes }), 'y');
    // x and the condition; inside, three times x and the slice of it, which is the If's output.
    expect(peakOf(g.model()).bytes).toBe(4 * 100 + 1 + 4 * 300 + 4 * 100);
  });

  it('tells of activations without a size', () => {
    const g = new GraphBuilder();
    g.output(g.op('Mystery', [g.input('x', 'float32', [2])], { domain: 'custom' }), 'y');
    expect(peakOf(g.model())).toMatchObject({ bytes: 8, unknownValues: 1 });
  });

  it('is nothing for a graph without nodes', () => {
    expect(peakOf(new GraphBuilder().model())).toEqual({ bytes: 0, node: null, unknownValues: 0 });
  });
});
