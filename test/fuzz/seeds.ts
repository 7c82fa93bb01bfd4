import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import { Graph } from '../../src/onnx/graph.ts';
import { Model } from '../../src/onnx/model.ts';
import { SparseTensor, Tensor } from '../../src/onnx/tensor.ts';
import { randomModel } from '../onnx/random-model.ts';

/** A model with one of everything that random models lack: function, sparse initializer, small types, metadata. */
export function rareModel(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 4]);
  const values = Tensor.fromDense(floats([2], [1, 2]));
  const indices = Tensor.fromDense(longs([1, 5]));
  const sparse = g.constant('sparse', new SparseTensor({ dims: [2, 4], values, indices }));
  const nibbles = new Tensor({ type: 'int4', dims: [3], storage: { kind: 'inline', bytes: Uint8Array.of(0x21, 3) } });
  const brains = new Tensor({
    type: 'bfloat16',
    dims: [2],
    storage: { kind: 'inline', bytes: Uint8Array.of(0, 1, 2, 3) },
  });
  const words = new Tensor({
    type: 'string',
    dims: [2],
    storage: { kind: 'strings', values: ['a', 'bc'].map((text) => Buffer.from(text)) },
  });
  g.constant('nibbles', nibbles);
  g.constant('brains', brains);
  g.constant('words', words);
  const sum = g.op('Add', [g.op('MatMul', [sparse, g.op('Transpose', [x])]), x]);
  g.output(g.op('Twice', [sum], { domain: 'local', attributes: { scale: { float: 2 } } }), 'y');
  const body = new Graph('Twice', g.graph.names);
  const input = body.addInput('a', null);
  const scale = body.append({
    op: 'Constant',
    inputs: [],
    outputs: ['s'],
    attributes: [{ kind: 'reference', name: 'value_float', value: 'scale', type: 1 }],
  });
  const product = body.append({
    op: 'Mul',
    inputs: [input, scale.output(0)],
    outputs: ['p'],
  });
  const result = product.output(0);
  if (result) body.addOutput(result);
  return new Model({
    irVersion: 10,
    opsets: new Map([
      ['', 21],
      ['local', 1],
    ]),
    graph: g.graph,
    docString: 'rare',
    metadata: [{ key: 'author', value: 'nobody' }],
    functions: [
      {
        domain: 'local',
        name: 'Twice',
        overload: '',
        attributes: ['scale'],
        attributeDefaults: [],
        opsets: new Map([['', 21]]),
        body,
        docString: '',
        metadata: [],
        unknownFields: null,
        origin: null,
      },
    ],
  });
}

/** Small models to damage, of all opsets from 13 on. */
export function seedModels(): readonly Uint8Array[] {
  const opsets = [13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25];
  const random = opsets.map((opset) => encodeModel(randomModel(opset, { opset, steps: 12 }).model));
  return [...random, encodeModel(rareModel()), encodeModel(randomModel(1, { steps: 60 }).model)];
}
