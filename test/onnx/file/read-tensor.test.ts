import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType as DataType } from 'onnx-buf';
import type { TensorProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { FileElements } from '../../../src/onnx/file/file-elements.ts';
import { FileStrings } from '../../../src/onnx/file/file-strings.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Tensor } from '../../../src/onnx/tensor.ts';
import { runModel } from '../../numerics/run-model.ts';
import { block, bytes, initializer, join, modelOf, number } from './wire-bytes.ts';

type TensorInit = MessageInitShape<typeof TensorProtoSchema>;

/** A model that returns one initializer. */
function constantModel(init: TensorInit): Uint8Array {
  const type = { value: { case: 'tensorType' as const, value: { elemType: init.dataType ?? 0 } } };
  const graph = {
    name: 'g',
    node: [{ opType: 'Identity', input: ['t'], output: ['y'] }],
    initializer: [{ ...init, name: 't' }],
    output: [{ name: 'y', type }],
  };
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ version: 17n }], graph }),
  );
}

function tensorIn(model: Uint8Array): Tensor {
  const [value] = readModelBytes(model).graph.initializers;
  if (value?.tensor?.kind !== 'dense') throw new Error('no tensor');
  return value.tensor;
}

const three = { dims: [3n] };
const many = 400;
const ascending = Array.from({ length: many }, (_, index) => index - many / 2);
const text = (value: string) => new Uint8Array(Buffer.from(value));

describe('elements are those that onnxruntime reads', () => {
  it.each<[string, TensorInit]>([
    ['float32', { ...three, dataType: DataType.FLOAT, floatData: [1.5, -0, Infinity] }],
    ['float64', { ...three, dataType: DataType.DOUBLE, doubleData: [0.1, -0, 1e300] }],
    ['int8', { ...three, dataType: DataType.INT8, int32Data: [-128, 0, 127] }],
    ['uint8', { ...three, dataType: DataType.UINT8, int32Data: [255, 0, 127] }],
    ['int16', { ...three, dataType: DataType.INT16, int32Data: [-32768, -1, 32767] }],
    ['uint16', { ...three, dataType: DataType.UINT16, int32Data: [65535, 0, 1] }],
    ['int32', { ...three, dataType: DataType.INT32, int32Data: [-(2 ** 31), -1, 2 ** 31 - 1] }],
    ['uint32', { ...three, dataType: DataType.UINT32, uint64Data: [2n ** 32n - 1n, 0n, 7n] }],
    ['int64', { ...three, dataType: DataType.INT64, int64Data: [-(2n ** 63n), -1n, 2n ** 63n - 1n] }],
    ['uint64', { ...three, dataType: DataType.UINT64, uint64Data: [2n ** 64n - 1n, 0n, 2n ** 53n + 1n] }],
    ['bool', { ...three, dataType: DataType.BOOL, int32Data: [1, 0, 1] }],
    ['float16', { ...three, dataType: DataType.FLOAT16, int32Data: [0x3c00, 0x8000, 0x7c00] }],
    ['string', { ...three, dataType: DataType.STRING, stringData: ['', 'é', 'abc'].map(text) }],
    ['int64, stored', { dims: [BigInt(many)], dataType: DataType.INT64, int64Data: ascending.map(BigInt) }],
    ['int32, stored', { dims: [BigInt(many)], dataType: DataType.INT32, int32Data: ascending }],
    ['float32, stored', { dims: [20n, 20n], dataType: DataType.FLOAT, floatData: ascending }],
    ['float32, raw', { dims: [2n], dataType: DataType.FLOAT, rawData: Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 192) }],
    [
      'string, stored',
      { dims: [BigInt(many)], dataType: DataType.STRING, stringData: ascending.map((n) => text(`${n}`)) },
    ],
    ['none', { dims: [0n, 3n], dataType: DataType.FLOAT }],
    ['a scalar', { dims: [], dataType: DataType.INT64, int64Data: [-5n] }],
  ])('%s', async (_, init) => {
    const model = constantModel(init);
    const { y } = await runModel(model, {});
    expect(tensorIn(model).toDense()).toEqual(y);
  });

  // onnxruntime-node returns none of these; the bytes are by hand, from the comments in onnx.proto.
  it.each<[string, TensorInit, number[]]>([
    ['int4', { ...three, dataType: DataType.INT4, int32Data: [0x2f, 0x07] }, [0x2f, 0x07]],
    ['uint2', { ...three, dataType: DataType.UINT2, int32Data: [0b10_01_11] }, [0b10_01_11]],
    ['bfloat16', { dims: [1n], dataType: DataType.BFLOAT16, int32Data: [0x3f80] }, [0x80, 0x3f]],
    ['float8e4m3fn', { ...three, dataType: DataType.FLOAT8E4M3FN, int32Data: [0x38, 0xff, 0] }, [0x38, 0xff, 0]],
    ['complex64', { dims: [1n], dataType: DataType.COMPLEX64, floatData: [1, -2] }, [0, 0, 128, 63, 0, 0, 0, 192]],
    [
      'complex128',
      { dims: [1n], dataType: DataType.COMPLEX128, doubleData: [2, 0] },
      [0, 0, 0, 0, 0, 0, 0, 64, ...Array(8).fill(0)],
    ],
  ])('%s by hand', (_, init, expected) => {
    expect([...tensorIn(constantModel(init)).bytes()]).toEqual(expected);
  });

  it('one a field, in pieces, and with packed axes', async () => {
    const types = { long: 7, float: 1 };
    const unpacked = modelOf(initializer('t', { type: types.long, dims: [2] }, number(7, -1), number(7, 300)));
    expect(tensorIn(unpacked).toDense().data).toEqual(BigInt64Array.of(-1n, 300n));
    const floats = modelOf(
      initializer('t', { type: types.float, dims: [2] }, bytes(0x25, 0, 0, 128, 63, 0x25, 0, 0, 0, 64)),
    );
    expect(tensorIn(floats).toDense().data).toEqual(Float32Array.of(1, 2));
    const pieces = modelOf(
      initializer('t', { type: types.long, dims: [3] }, block(7, bytes(1, 2)), block(7, bytes(3))),
    );
    expect(tensorIn(pieces).toDense().data).toEqual(BigInt64Array.of(1n, 2n, 3n));
    const packedDims = modelOf(
      initializer('t', { type: types.long, dims: [] }, block(1, bytes(2, 1)), block(7, bytes(1, 2))),
    );
    expect(tensorIn(packedDims).dims).toEqual([2, 1]);
  });
});

describe('where elements stay', () => {
  const raw = (length: number) =>
    constantModel({ dims: [BigInt(length)], dataType: DataType.UINT8, rawData: new Uint8Array(length).fill(7) });

  it('1023 bytes come into memory, 1024 stay in the file', () => {
    expect(tensorIn(raw(1023)).storage.kind).toBe('inline');
    const { storage } = tensorIn(raw(1024));
    if (storage.kind !== 'stored' || !(storage.elements instanceof FileElements)) throw new Error('not stored');
    const { source, ranges, encoding, field, external, byteLength } = storage.elements;
    expect({ encoding, field, external, byteLength }).toEqual({
      encoding: 'raw',
      field: 9,
      external: null,
      byteLength: 1024,
    });
    const [range] = ranges;
    expect(source.read(range?.offset ?? 0, range?.length ?? 0)).toEqual(new Uint8Array(1024).fill(7));
  });

  it('packed numbers and strings stay as they are written', () => {
    const longs = tensorIn(
      constantModel({ dims: [BigInt(many)], dataType: DataType.INT64, int64Data: ascending.map(BigInt) }),
    );
    expect(longs.storage).toMatchObject({
      kind: 'stored',
      elements: { encoding: 'varints', field: 7, byteLength: many * 8 },
    });
    const strings = Array.from({ length: 3 }, () => text('x'.repeat(500)));
    const { storage, byteLength } = tensorIn(
      constantModel({ dims: [3n], dataType: DataType.STRING, stringData: strings }),
    );
    if (!(storage instanceof FileStrings)) throw new Error('not stored');
    expect(storage.ranges).toHaveLength(1);
    expect(byteLength).toBe(1500);
  });

  it('a field that protobuf takes twice, but a tensor does not, loses nothing', () => {
    const entry = block(13, block(1, 'location'), block(2, 'unused.bin'));
    const tensor = tensorIn(modelOf(initializer('t', { type: 7, dims: [1] }, number(7, 1), entry, number(99, 5))));
    expect(tensor.unknownFields).toEqual(Buffer.from(join(number(99, 5), entry)));
  });
});
