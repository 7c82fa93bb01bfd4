import { assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTensorProto } from '../../../src/onnx/file/tensor-proto.ts';
import { TensorProtoError } from '../../../src/onnx/file/tensor-proto-error.ts';
import { thrownBy } from '../../data/thrown-by.ts';
import { golden } from './tensor-proto-golden.ts';

const bytesOf = (name: keyof typeof golden): Uint8Array => Buffer.from(golden[name], 'base64');
const decode = (name: keyof typeof golden) => decodeTensorProto(bytesOf(name));

function errorOf(bytes: Uint8Array): TensorProtoError | null {
  try {
    decodeTensorProto(bytes);
    return null;
  } catch (error) {
    if (error instanceof TensorProtoError) return error;
    throw error;
  }
}

describe('decodeTensorProto reads what the onnx package wrote', () => {
  it.for([
    ['pbRawF32', 'x', 'float32', [2, 2], Float32Array.of(1, 2, 3, 4)],
    ['pbI64', 'ids', 'int64', [3], BigInt64Array.of(1n, -2n, 9007199254740993n)],
    ['pbF16', 'h', 'float16', [2], Uint16Array.of(0x3e00, 0xb400)],
    ['pbF16Raw', 'h', 'float16', [2], Uint16Array.of(0x3e00, 0xb400)],
    ['pbBool', 'm', 'bool', [2], Uint8Array.of(1, 0)],
    ['pbStr', 's', 'string', [2], ['a', 'hé']],
    ['pbU32', 'u', 'uint32', [2], Uint32Array.of(1, 4294967295)],
    ['pbF64', 'd', 'float64', [], Float64Array.of(0.1)],
    ['pbI4', 'q', 'int4', [3], Uint8Array.of(0xe1, 0x07)],
    ['pbBf16', 'b', 'bfloat16', [1], Uint16Array.of(0x3f80)],
    ['pbBf16Raw', 't', 'bfloat16', [2], Uint16Array.of(0x3f80, 0xc020)],
    ['pbE4m3fn', 't', 'float8e4m3fn', [3], Uint8Array.of(0x38, 0xc0, 0x7e)],
    ['pbE4m3fnRaw', 't', 'float8e4m3fn', [3], Uint8Array.of(0x38, 0xc0, 0x7e)],
    ['pbE4m3fnuz', 't', 'float8e4m3fnuz', [3], Uint8Array.of(0x40, 0xc8, 0x7f)],
    ['pbE5m2', 't', 'float8e5m2', [3], Uint8Array.of(0x3c, 0xc0, 0x7b)],
    ['pbE5m2fnuzRaw', 't', 'float8e5m2fnuz', [3], Uint8Array.of(0x40, 0xc4, 0x7f)],
    ['pbE8m0', 't', 'float8e8m0', [3], Uint8Array.of(0x7f, 0x80, 0x7e)],
    ['pbE2m1', 't', 'float4e2m1', [3], Uint8Array.of(0xc2, 0x07)],
    ['pbE2m1Raw', 't', 'float4e2m1', [3], Uint8Array.of(0xc2, 0x07)],
    ['pbU2', 't', 'uint2', [5], Uint8Array.of(0x39, 0x01)],
    ['pbI2Raw', 't', 'int2', [5], Uint8Array.of(0x39, 0x01)],
    ['pbU4', 't', 'uint4', [3], Uint8Array.of(0xf1, 0x03)],
    ['pbC64', 't', 'complex64', [2], Float32Array.of(1, 2, 3, -4)],
    ['pbC64Raw', 't', 'complex64', [2], Float32Array.of(1, 2, 3, -4)],
    ['pbC128', 't', 'complex128', [2], Float64Array.of(1, 2, 3, -4)],
    ['pbC128Raw', 't', 'complex128', [2], Float64Array.of(1, 2, 3, -4)],
  ] as const)('%s', ([file, name, type, dims, data]) => {
    expect(decode(file)).toEqual({ name, tensor: { type, dims, data } });
  });
});

describe('decodeTensorProto refuses', () => {
  it('data in another file', () => {
    expect(errorOf(bytesOf('pbExternal'))).toMatchObject({ reason: 'unsupported' });
  });

  it('an element type that onnx 1.20 does not know, by its number', () => {
    expect(errorOf(bytesOf('pbUnknown'))).toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(/27/),
    });
  });

  it.for([
    ['pbSparse', /sparse/],
    ['pbSequence', /sequence/],
    ['pbOptional', /optional/],
  ] as const)('other kinds of values: %s', ([file, message]) => {
    expect(errorOf(bytesOf(file))).toMatchObject({ reason: 'unsupported', message: expect.stringMatching(message) });
  });

  it('a field that reaches beyond the end, naming where the field begins', () => {
    // pbRawF32: two dims, type, name (3 bytes), then raw data from byte 9 on.
    const bytes = bytesOf('pbRawF32').subarray(0, 20);
    expect(errorOf(bytes)).toMatchObject({ reason: 'malformed', offset: 9 });
  });

  it('a shape that asks for more than is there', () => {
    const bytes = Uint8Array.from(bytesOf('pbRawF32'));
    bytes[1] = 3;
    expect(errorOf(bytes)).toMatchObject({
      reason: 'malformed',
      message: expect.stringMatching(/6 values.*4 are there/),
    });
  });

  it('an empty file', () => {
    expect(errorOf(new Uint8Array())).toMatchObject({ reason: 'malformed' });
  });

  it('any damage, with no other error than its own', () => {
    const names = Object.keys(golden).filter((name): name is keyof typeof golden => name in golden);
    assert(
      property(constantFrom(...names), tuple(nat(), nat(255)), nat(), (name, [at, byte], end) => {
        const bytes = Uint8Array.from(bytesOf(name));
        bytes[at % bytes.length] = byte;
        const error = thrownBy(() => decodeTensorProto(bytes.subarray(0, end % (bytes.length + 1))));
        expect(error === null || error instanceof TensorProtoError).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
