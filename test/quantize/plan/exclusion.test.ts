import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { exclusionOf } from '../../../src/quantize/plan/exclusion.ts';

function nodeOf(name: string, output: string, op = 'Relu'): Node {
  const g = new GraphBuilder();
  g.op(op, [g.input('x', 'float32')], { name, as: output });
  const [node] = g.graph.nodes();
  if (node === undefined) throw new RangeError('there is one');
  return node;
}

describe('exclusionOf', () => {
  const node = nodeOf('/encoder/layer.0/Relu (1)', 'hidden');
  const fits = (pattern: string) => exclusionOf([pattern]).has(node);

  it('fits whole names, operators and outputs', () => {
    for (const pattern of ['/encoder/layer.0/Relu (1)', 'Relu', 'hidden']) expect(fits(pattern)).toBe(true);
    for (const pattern of ['/encoder', 'elu', 'hidden2', 'relu', 'encoder/layer.0/Relu (1)'])
      expect(fits(pattern)).toBe(false);
  });

  it('takes a star for any characters, and every other character as it is', () => {
    for (const pattern of ['/encoder/*', '*layer.0*', '*', 'h*n', '*(1)', '**Relu*']) expect(fits(pattern)).toBe(true);
    for (const pattern of ['/encoder/layer?0*', 'h.dden', '*layer.1*', '[Rr]elu', 'h*x'])
      expect(fits(pattern)).toBe(false);
    // A dot is no "any character".
    expect(exclusionOf(['*layer.0*']).has(nodeOf('/layerX0', 'y'))).toBe(false);
  });

  it('does not fit nodes without a name by their lack of one', () => {
    expect(exclusionOf(['']).has(nodeOf('', 'y'))).toBe(false);
    expect(exclusionOf(['*']).has(nodeOf('', 'y'))).toBe(true);
  });

  it('knows the patterns that fit nothing, of several that fit one node all as used', () => {
    const exclusion = exclusionOf(['Relu', 'hid*', 'Conv*']);
    expect(exclusion.unused()).toEqual(['Relu', 'hid*', 'Conv*']);
    expect(exclusion.has(node)).toBe(true);
    expect(exclusion.unused()).toEqual(['Conv*']);
    expect(exclusionOf([]).has(node)).toBe(false);
  });
});
