import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { makeBatchDynamic } from '../../src/onnx/passes/make-batch-dynamic.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { declaredShapes, freedAxes } from '../../src/optimize/freed-axes.ts';

describe('freedAxes', () => {
  it('finds what had a length and has a name, in inputs and outputs', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4, 3]);
    const shared = g.input('shared', 'float32', [1, 3]);
    g.output(g.op('Relu', [g.op('Add', [x, shared])]), 'y', tensorType('float32', [4, 3]));
    const model = g.model();
    const before = declaredShapes(model.graph);
    expect(freedAxes(before, model.graph).size).toBe(0);
    makeBatchDynamic({ path: 'a.onnx' }).apply(model);
    const batch = { axis: 0, length: 4, dimension: 'batch' };
    expect(Object.fromEntries(freedAxes(before, model.graph))).toEqual({ x: batch, y: batch });
  });

  it('does not take a dimension that had a name, or was never told, for a new one', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 3]);
    const untold = g.input('untold', 'float32');
    g.output(g.op('Add', [x, untold]), 'y', tensorType('float32', [null, 3]));
    const model = g.model();
    const before = declaredShapes(model.graph);
    untold.setType(tensorType('float32', ['n', 3]));
    model.graph.outputs[0]?.setType(tensorType('float32', ['n', 3]));
    expect(freedAxes(before, model.graph).size).toBe(0);
  });
});
