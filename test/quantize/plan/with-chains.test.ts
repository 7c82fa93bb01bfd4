import { describe, expect, it } from 'vitest';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { withChains } from '../../../src/quantize/plan/with-chains.ts';
import { nodeKey } from '../../../src/quantize/rewrite/node-key.ts';
import { noise } from '../rewrite/run-models.ts';

function chained(build: (g: GraphBuilder, x: Value) => Value, forbidden: readonly string[] = []): string[] {
  const g = new GraphBuilder();
  g.output(build(g, g.input('x', 'float32', [1, 4, 6, 6])), 'y', tensorType('float32'));
  const { graph } = g;
  const layers = new Set([...graph.nodes()].filter((node) => node.is('Conv', 'MatMul')));
  const found = withChains(graph, layers, (node) => !forbidden.includes(node.op));
  for (const layer of layers) found.delete(layer);
  return [...found].map(nodeKey);
}

const conv = (g: GraphBuilder, x: Value) => g.op('Conv', [x, g.constant('w', noise([4, 4, 1, 1], 1))]);
const op = (g: GraphBuilder, name: string, ...inputs: Value[]) => g.op(name, inputs, { as: name });
const pool = (g: GraphBuilder, x: Value) =>
  g.op('MaxPool', [x], { attributes: { kernel_shape: [1, 1] }, as: 'MaxPool' });

describe('withChains', () => {
  it('takes what lies between two layers', () => {
    expect(chained((g, x) => conv(g, pool(g, conv(g, x))))).toEqual(['MaxPool']);
    expect(chained((g, x) => conv(g, op(g, 'Sigmoid', pool(g, op(g, 'Relu', conv(g, x))))))).toEqual([
      'MaxPool',
      'Sigmoid',
    ]);
    expect(chained((g, x) => conv(g, op(g, 'Relu', op(g, 'Add', conv(g, x), conv(g, x)))))).toEqual(['Add']);
  });

  it('takes what has a constant for its other operand', () => {
    expect(chained((g, x) => conv(g, op(g, 'Mul', conv(g, x), g.constant('c', noise([1], 1)))))).toEqual(['Mul']);
  });

  it('takes a sum of integers only where all it reads are integers', () => {
    expect(chained((g, x) => conv(g, op(g, 'Add', conv(g, x), x)))).toEqual([]);
    expect(chained((g, x) => conv(g, op(g, 'Add', conv(g, x), op(g, 'HardSigmoid', conv(g, x)))))).toEqual([]);
  });

  it('leaves out what nobody wants integers of', () => {
    expect(chained((g, x) => pool(g, conv(g, x)))).toEqual([]);
    expect(chained((g, x) => op(g, 'Sigmoid', pool(g, conv(g, x))))).toEqual([]);
    expect(chained((g, x) => conv(g, op(g, 'HardSigmoid', pool(g, conv(g, x)))))).toEqual([]);
    expect(chained((g, x) => op(g, 'Relu', pool(g, op(g, 'Relu', conv(g, x)))))).toEqual([]);
  });

  it('does not start behind a product, whose result is float', () => {
    const product = (g: GraphBuilder, x: Value) => g.op('MatMul', [x, g.constant('w', noise([6, 6], 1))]);
    expect(chained((g, x) => conv(g, pool(g, product(g, x))))).toEqual([]);
    expect(chained((g, x) => product(g, pool(g, conv(g, x))))).toEqual(['MaxPool']);
  });

  it('leaves out what is too fine for 8 bits, forbidden, or has no integer kernel', () => {
    expect(chained((g, x) => conv(g, op(g, 'Softmax', conv(g, x))))).toEqual([]);
    expect(chained((g, x) => conv(g, pool(g, conv(g, x))), ['MaxPool'])).toEqual([]);
    expect(chained((g, x) => conv(g, op(g, 'Tanh', conv(g, x))))).toEqual([]);
  });

  it('follows both ends of a Split', () => {
    const build = (g: GraphBuilder, x: Value) => {
      const sizes = g.constant('sizes', longs([2, 2]));
      const [a = x, b = x] = g.ops('Split', [conv(g, x), sizes], { outputs: 2, attributes: { axis: 1 }, as: 'part' });
      return conv(g, g.op('Concat', [a, op(g, 'Relu', b)], { attributes: { axis: 1 }, as: 'Concat' }));
    };
    expect(chained(build)).toEqual(['part', 'Concat']);
  });
});
