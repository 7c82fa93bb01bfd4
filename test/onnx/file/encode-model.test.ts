import { readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../../src/onnx/attribute.ts';
import { attributeOf } from '../../../src/onnx/attribute.ts';
import { dataTypes } from '../../../src/onnx/data-type.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { Model } from '../../../src/onnx/model.ts';
import { SparseTensor, Tensor } from '../../../src/onnx/tensor.ts';
import type { ValueType } from '../../../src/onnx/value-type.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomModel } from '../random-model.ts';
import { dropOrigins } from './drop-origins.ts';
import { plainModel } from './plain-model.ts';
import { npmModels } from './run-model-file.ts';

describe('encodeModel', () => {
  it('writes a built graph that onnxruntime runs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 2]);
    const product = g.op('MatMul', [x, g.constant('w', floats([2, 2], [1, 2, 3, 4]))]);
    g.output(g.op('Relu', [product]), 'y', tensorType('float32', ['batch', 2]));

    const { y } = await runModel(encodeModel(g.model()), { x: floats([1, 2], [1, -0.25]) });

    expect(y).toEqual(floats([1, 2], [0.25, 1]));
  });

  it.each(Object.entries(npmModels))('copies %s byte for byte', (_, { path }) => {
    const opened = openModel(path);
    expect(Buffer.compare(encodeModel(opened.model), readFileSync(path))).toBe(0);
    opened.close();
  });

  it.each(Object.entries(npmModels))('encodes %s anew without losing anything', (_, { path }) => {
    const opened = openModel(path);
    const encoded = encodeModel(dropOrigins(opened.model));
    opened.close();
    expect(plainModel(encoded)).toEqual(plainModel(readFileSync(path)));
  });

  it('writes fields in the order of their numbers, as other writers do', () => {
    const encoded = encodeModel(modelWith(everyAttribute()));
    const [graph = new Uint8Array()] = contentsOf(encoded, 7);
    const [node = new Uint8Array()] = contentsOf(graph, 1);
    for (const message of [encoded, graph, node, ...contentsOf(node, 5)]) {
      const numbers = fieldsOf(message).map(({ number }) => number);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  it.each([1, 2, 3, 4, 5])('reads random model %i back as it wrote it', (seed) => {
    const encoded = encodeModel(randomModel(seed).model);
    expect(Buffer.compare(encodeModel(dropOrigins(readModelBytes(encoded))), encoded)).toBe(0);
    // onnx-buf keeps every byte too: nothing is written that the schema does not know.
    expect(toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, encoded)).length).toBe(encoded.length);
  });

  it('gives what was copied in part and what was encoded in full the same meaning', () => {
    const bytes = encodeModel(randomModel(7).model);
    const edited = readModelBytes(bytes);
    edited.graph.firstNode?.rename('edited');
    const partly = encodeModel(edited);
    expect(plainModel(partly)).toEqual(plainModel(encodeModel(dropOrigins(edited))));
    expect(plainModel(partly)).not.toEqual(plainModel(bytes));
  });

  it('writes every kind of attribute', () => {
    const model = modelWith(everyAttribute());
    const encoded = encodeModel(model);

    const attributes = fromBinary(ModelProtoSchema, encoded).graph?.node[0]?.attribute ?? [];

    expect(Object.fromEntries(attributes.map(({ name, type }) => [name, type]))).toMatchObject({
      float: 1,
      int: 2,
      string: 3,
      tensor: 4,
      graph: 5,
      floats: 6,
      ints: 7,
      strings: 8,
      tensors: 9,
      graphs: 10,
      sparse: 11,
      sparses: 12,
      type: 13,
      types: 14,
      reference: 7,
    });
    const byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
    expect(byName.get('float')?.f).toBe(0);
    expect(byName.get('int')?.i).toBe(-(2n ** 63n));
    expect(byName.get('ints')?.ints).toEqual([0n, -1n, 2n ** 40n]);
    expect(byName.get('floats')?.floats).toEqual([0, -1.5]);
    expect(byName.get('strings')?.strings.map((text) => Buffer.from(text).toString())).toEqual(['', 'ä']);
    expect(byName.get('reference')?.refAttrName).toBe('axes');
    expect(byName.get('sparses')?.sparseTensors[0]?.dims).toEqual([5n]);
    expect(byName.get('float')?.docString).toBe('about it');
    expect(Buffer.compare(encodeModel(dropOrigins(readModelBytes(encoded))), encoded)).toBe(0);
  });

  it('writes every kind of type', () => {
    const g = new GraphBuilder();
    const types = everyType();
    for (const [index, type] of types.entries()) g.output(g.input(`x${index}`, type));
    const encoded = encodeModel(g.model());

    const read = readModelBytes(encoded);

    expect(read.graph.inputs.map(({ type }) => type)).toEqual(types);
    expect(read.graph.outputs).toEqual(read.graph.inputs);
    expect(fromBinary(ModelProtoSchema, encoded).graph?.input.map(({ type }) => type?.value.case)).toEqual(
      types.map(
        ({ kind }) =>
          ({
            tensor: 'tensorType',
            'sparse-tensor': 'sparseTensorType',
            sequence: 'sequenceType',
            optional: 'optionalType',
            map: 'mapType',
            opaque: undefined,
          })[kind],
      ),
    );
  });

  it.each(dataTypes)('writes %s tensors', (type) => {
    const g = new GraphBuilder();
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 3);
    const tensor =
      type === 'string'
        ? new Tensor({ type, dims: [2], storage: { kind: 'strings', values: [Buffer.from(''), Buffer.from('é')] } })
        : new Tensor({ type, dims: [dimFor(type)], storage: { kind: 'inline', bytes } });
    g.constant('c', tensor);

    const [read] = readModelBytes(encodeModel(g.model())).graph.initializers;

    expect(read?.tensor?.type).toBe(type);
    expect(read?.tensor?.dims).toEqual(tensor.dims);
    expect(read?.constant?.toDense()).toEqual(tensor.toDense());
  });

  it('writes functions, metadata and everything else a model says', () => {
    const model = modelWithFunction();
    const encoded = encodeModel(model);
    const proto = fromBinary(ModelProtoSchema, encoded);

    expect(proto.producerVersion).toBe('1.2');
    expect(proto.modelVersion).toBe(-3n);
    expect(proto.metadataProps.map(({ key, value }) => [key, value])).toEqual([['author', '']]);
    const [definition] = proto.functions;
    expect(definition).toMatchObject({ name: 'Twice', domain: 'local', input: ['a'], output: ['b'], attribute: ['k'] });
    expect(definition?.attributeProto.map(({ name, f }) => [name, f])).toEqual([['scale', 2]]);
    expect(definition?.opsetImport.map(({ version }) => version)).toEqual([17n]);
    expect(Buffer.compare(encodeModel(dropOrigins(readModelBytes(encoded))), encoded)).toBe(0);
  });
});

function fieldsOf(message: Uint8Array): readonly { readonly number: number; readonly content: Uint8Array }[] {
  const reader = new BinaryReader(message);
  const fields: { number: number; content: Uint8Array }[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const content = wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number);
    fields.push({ number, content });
  }
  return fields;
}

function contentsOf(message: Uint8Array, field: number): readonly Uint8Array[] {
  return fieldsOf(message).flatMap(({ number, content }) => (number === field ? [content] : []));
}

function dimFor(type: (typeof dataTypes)[number]): number {
  const elements: Partial<Record<typeof type, number>> = {
    complex128: 1,
    int4: 32,
    uint4: 32,
    float4e2m1: 32,
    int2: 64,
    uint2: 64,
  };
  const known = elements[type];
  if (known !== undefined) return known;
  if (type.endsWith('64')) return 2;
  if (type.endsWith('32')) return 4;
  return type.endsWith('16') ? 8 : 16;
}

function everyAttribute(): readonly Attribute[] {
  const tensor = Tensor.fromDense(floats([2], [1, 2]));
  const sparse = new SparseTensor({
    dims: [5],
    values: Tensor.fromDense(floats([1], [3])),
    indices: Tensor.fromDense(longs([4])),
  });
  const inner = new GraphBuilder('inner');
  inner.output(inner.constant('inner_c', floats([], [1])));
  const second = new GraphBuilder('second');
  second.output(second.constant('second_c', floats([], [1])));
  const third = new GraphBuilder('third');
  third.output(third.constant('third_c', floats([], [1])));
  return [
    { ...attributeOf.float('float', 0), docString: 'about it' },
    attributeOf.int('int', -(2n ** 63n)),
    attributeOf.string('string', ''),
    attributeOf.tensor('tensor', tensor),
    attributeOf.graph('graph', inner.graph),
    attributeOf.floats('floats', [0, -1.5]),
    attributeOf.ints('ints', [0, -1, 2n ** 40n]),
    attributeOf.strings('strings', ['', 'ä']),
    { name: 'tensors', kind: 'tensors', value: [tensor, tensor] },
    { name: 'graphs', kind: 'graphs', value: [second.graph, third.graph] },
    { name: 'sparse', kind: 'sparse-tensor', value: sparse },
    { name: 'sparses', kind: 'sparse-tensors', value: [sparse] },
    { name: 'type', kind: 'type', value: tensorType('int8', [1, 'n', null]), raw: null },
    { name: 'types', kind: 'types', value: everyType().map((value) => ({ value, raw: null })) },
    { name: 'reference', kind: 'reference', value: 'axes', type: 7 },
  ];
}

function everyType(): readonly ValueType[] {
  const element = tensorType('float16', ['n', null, 3, 0]);
  return [
    element,
    tensorType('string', null),
    tensorType('uint2', []),
    { kind: 'sparse-tensor', elementType: 'float32', shape: [2] },
    { kind: 'sequence', element },
    { kind: 'optional', element: { kind: 'sequence', element } },
    { kind: 'map', keyType: 'int64', element },
  ];
}

function modelWith(attributes: readonly Attribute[]): Model {
  const g = new GraphBuilder();
  const node = g.graph.append({
    op: 'Everything',
    domain: 'test',
    inputs: [null, g.input('x', 'float32')],
    outputs: ['y', null],
    attributes,
  });
  const [y] = node.outputs;
  if (y) g.output(y);
  return g.model({ opsets: { test: 1 } });
}

function modelWithFunction(): Model {
  const body = new GraphBuilder('Twice');
  const a = body.graph.addInput('a', null);
  body.output(body.op('Add', [a, a]), 'b');
  const g = new GraphBuilder();
  g.output(g.op('Twice', [g.input('x', 'float32', [2])], { domain: 'local' }), 'y', tensorType('float32', [2]));
  return new Model({
    irVersion: 8,
    opsets: new Map([
      ['', 17],
      ['local', 1],
    ]),
    graph: g.graph,
    producer: { name: 'test', version: '1.2' },
    modelVersion: -3n,
    metadata: [{ key: 'author', value: '' }],
    functions: [
      {
        domain: 'local',
        name: 'Twice',
        overload: '',
        attributes: ['k'],
        attributeDefaults: [attributeOf.float('scale', 2)],
        opsets: new Map([['', 17]]),
        body: body.graph,
        docString: 'x + x',
        metadata: [{ key: 'origin', value: 'test' }],
        unknownFields: null,
        origin: null,
      },
    ],
  });
}
