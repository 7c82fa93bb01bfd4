import { expect, test } from 'vitest';
import { trainableParameters } from '../../src/compute/training/trainable-parameters.ts';
import { openEnd } from '../../src/distill/training-end.ts';
import type { FunctionDefinition } from '../../src/onnx/function-definition.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';

/** o = a·b */
function product(): FunctionDefinition {
  const f = new GraphBuilder('Product');
  f.output(f.op('MatMul', [f.graph.addInput('a', null), f.graph.addInput('b', null)]));
  return {
    domain: 'my.domain',
    name: 'Product',
    overload: '',
    attributes: [],
    attributeDefaults: [],
    opsets: new Map([['', 17]]),
    body: f.graph,
    docString: '',
    metadata: [],
    unknownFields: null,
    origin: null,
  };
}

test('weights that functions of the model read may be trained', async () => {
  const g = new GraphBuilder();
  const inputs = [g.input('x', 'float32', ['batch', 2]), g.constant('w', floats([2, 2], [1, 2, 3, 4]))];
  g.output(g.op('Product', inputs, { domain: 'my.domain' }), 'y', tensorType('float32', ['batch', 2]));
  const model = g.model({ opset: 17, opsets: { 'my.domain': 1 } });
  model.setFunctions([product()]);
  const place = { runner: inProcessRunner(), write: () => Promise.reject(new Error('a small model is not written')) };
  const end = await openEnd({ path: 'm.onnx', sha256: '', model }, place);
  expect(trainableParameters(end.model)).toEqual(['w']);
  expect([...model.graph.nodes()].map(({ op }) => op)).toEqual(['Product']);
});
