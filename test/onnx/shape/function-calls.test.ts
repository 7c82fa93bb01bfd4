import { describe, expect, it } from 'vitest';
import { attributeOf } from '../../../src/onnx/attribute.ts';
import type { Attribute } from '../../../src/onnx/attribute.ts';
import type { FunctionDefinition } from '../../../src/onnx/function-definition.ts';
import { GraphBuilder, floats, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { disagreements, inferAndRun } from './agreement.ts';

function definition(name: string, body: GraphBuilder, defaults: readonly Attribute[] = []): FunctionDefinition {
  return {
    domain: 'own',
    name,
    overload: '',
    attributes: [],
    attributeDefaults: defaults,
    opsets: new Map([['', 17]]),
    body: body.graph,
    docString: '',
    metadata: [],
    unknownFields: null,
    origin: null,
  };
}

/** own.Swap(a; order = [1, 0]) = Transpose(a, perm = order), called with the default and with three axes. */
function swapModel(): Model {
  const body = new GraphBuilder('body');
  const swapped = body.op('Transpose', [body.input('a', tensorType('float32'))]);
  body.graph.lastNode?.setAttribute({ name: 'perm', kind: 'reference', value: 'order', type: 7 });
  body.output(swapped);
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  const raised = g.op('Unsqueeze', [x, g.constant('axis', longs([2]))]);
  g.output(g.op('Swap', [x], { domain: 'own' }), 'flipped', tensorType('float32'));
  const turned = g.op('Swap', [raised], { domain: 'own', attributes: { order: [2, 0, 1] } });
  g.output(turned, 'turned', tensorType('float32'));
  const model = g.model({ opsets: { own: 1 } });
  model.setFunctions([definition('Swap', body, [attributeOf.ints('order', [1, 0])])]);
  return model;
}

describe('calls of functions', () => {
  it('are followed with the attributes of the call and their defaults', async () => {
    const model = swapModel();
    const types = inferTypes(model);
    expect(model.graph.outputs.map((value) => types.get(value)?.shape)).toEqual([
      [3, 2],
      [1, 2, 3],
    ]);
    const comparison = await inferAndRun(swapModel(), { x: floats([2, 3], [1, 2, 3, 4, 5, 6]) });
    expect(disagreements(comparison)).toEqual([]);
  });

  it('may call themselves, which ONNX forbids, without hanging us', () => {
    const body = new GraphBuilder('body');
    body.output(body.op('Again', [body.input('a', tensorType('float32'))], { domain: 'own' }));
    const g = new GraphBuilder();
    const y = g.output(g.op('Again', [g.input('x', 'float32', [2])], { domain: 'own' }), 'y');
    const model = g.model({ opsets: { own: 1 } });
    model.setFunctions([definition('Again', body)]);
    expect(inferTypes(model).get(y)?.shape).toBeNull();
  });

  it('that double at every level end in time', () => {
    const levels = 60;
    const functions = Array.from({ length: levels }, (_, level) => {
      const body = new GraphBuilder('body');
      const a = body.input('a', tensorType('float32'));
      const next = level + 1 === levels ? { op: 'Relu', domain: '' } : { op: `F${level + 1}`, domain: 'own' };
      const call = () => body.op(next.op, [a], { domain: next.domain });
      body.output(body.op('Add', [call(), call()]));
      return definition(`F${level}`, body);
    });
    const g = new GraphBuilder();
    const y = g.output(g.op('F0', [g.input('x', 'float32', [2, 'n'])], { domain: 'own' }), 'y');
    const model = g.model({ opsets: { own: 1 } });
    model.setFunctions(functions);
    expect(inferTypes(model).get(y)?.shape).toEqual([2, 'n']);
  });
});
