import { describe, expect, it } from 'vitest';
import { joinModels } from '../../../src/compute/reconstruction/join-models.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { noise } from '../calibration/calibrated.ts';

/** Three products behind each other. */
function chain(): Model {
  const g = new GraphBuilder();
  let x = g.input('x', 'float32', ['n', 4]);
  for (const [at, name] of ['a', 'b', 'c'].entries())
    x = g.op('Relu', [g.op('MatMul', [x, g.constant(`w${name}`, noise([4, 4], at))], { name })], {
      name: `relu_${name}`,
    });
  g.output(x, 'y', tensorType('float32', ['n', 4]));
  return g.model();
}

/** A copy whose constant is another one, as after a refit. */
function refitted(model: Model, constant: string): Model {
  const copy = copyModel(model);
  for (const value of copy.graph.initializers)
    if (value.name === constant) value.setTensor(Tensor.fromDense(noise([4, 4], 9)));
  return copy;
}

const opsOf = ({ graph }: Model) => [...graph.nodes()].map(({ op }) => op);

describe('joinModels', () => {
  it('takes one model once and no further than the layers', () => {
    const model = chain();
    for (const pruned of [model, copyModel(model)]) {
      const joined = joinModels({ original: model, pruned, name: 'a.onnx' }, ['b']);
      expect(opsOf(joined.model)).toEqual(['MatMul', 'Relu', 'MatMul']);
      expect([...joined.model.graph.initializers].map(({ name }) => name)).toEqual(['wa', 'wb']);
      checkGraph(joined.model);
    }
    expect(opsOf(model)).toHaveLength(6);
  });

  it('shares nodes and constants up to where the models part', () => {
    const model = chain();
    const joined = joinModels({ original: model, pruned: refitted(model, 'wb'), name: 'a.onnx' }, ['c', 'a']);
    // a and its Relu once; b and its Relu twice; c of the original alone.
    expect(opsOf(joined.model).toSorted()).toEqual(['MatMul', 'MatMul', 'MatMul', 'MatMul', 'Relu', 'Relu', 'Relu']);
    expect(joined.model.graph.initializers.size).toBe(4);
    expect(joined.layers.get('a')?.x).toBe('x');
    const c = [...joined.model.graph.nodes()].find(({ name }) => name === 'c');
    expect(c?.output(0)?.name).toBe(joined.layers.get('c')?.z);
    expect(c?.input(0)?.name).not.toBe(joined.layers.get('c')?.x);
  });

  it('refuses models that are fed something else, and layers that one of them lacks', () => {
    const g = new GraphBuilder();
    const x = g.input('other', 'float32', ['n', 4]);
    g.output(g.op('Relu', [x], { name: 'a' }), 'y', tensorType('float32', ['n', 4]));
    const other = g.model();
    const name = 'a.onnx';
    expect(() => joinModels({ original: chain(), pruned: other, name }, ['a'])).toThrow("the input 'other'");
    expect(() => joinModels({ original: chain(), pruned: chain(), name }, ['d'])).toThrow("no layer 'd'");
  });
});
