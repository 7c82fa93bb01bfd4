import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageWriter } from '../../../src/onnx/file/message-writer.ts';
import { chunkBytes, chunksOf } from '../../../src/onnx/file/pieces.ts';

const field = { number: 5 };
const bytesOf = (writer: MessageWriter) => Buffer.concat([...chunksOf(writer.pieces)]);
const readerOf = (writer: MessageWriter) => {
  const reader = new BinaryReader(bytesOf(writer));
  expect(reader.len).toBe(writer.length);
  return reader;
};

describe('MessageWriter', () => {
  it('writes integers that protobuf reads back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const writer = new MessageWriter();
        writer.int(field, value);
        const reader = readerOf(writer);
        expect(reader.tag()).toEqual([5, WireType.Varint]);
        expect(reader.int64()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const writer = new MessageWriter();
        writer.int(field, value);
        const reader = readerOf(writer);
        reader.tag();
        expect(reader.int64()).toBe(BigInt(value));
      }),
    );
  });

  it('writes texts, bytes and floats that protobuf reads back', () => {
    const entry = fc.record({
      text: fc.string({ unit: 'binary' }),
      bytes: fc.uint8Array({ maxLength: 3000 }),
      float: fc.float(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const writer = new MessageWriter();
        for (const { text, bytes, float } of entries) {
          const inner = new MessageWriter();
          inner.text({ number: 1 }, text);
          inner.bytes({ number: 20_000 }, bytes);
          inner.float({ number: 3 }, float);
          writer.message(field, inner);
        }
        const reader = readerOf(writer);
        for (const { text, bytes, float } of entries) {
          expect(reader.tag()).toEqual([5, WireType.LengthDelimited]);
          const inner = new BinaryReader(reader.bytes());
          inner.tag();
          expect(inner.string()).toBe(text);
          expect(inner.tag()).toEqual([20_000, WireType.LengthDelimited]);
          expect(Buffer.from(inner.bytes())).toEqual(Buffer.from(bytes));
          expect(inner.tag()).toEqual([3, WireType.Bit32]);
          expect(inner.float()).toBe(float);
          expect(inner.pos).toBe(inner.len);
        }
        expect(reader.pos).toBe(reader.len);
      }),
    );
  });

  it('writes lengths of more than 32 bits', () => {
    const length = 5 * 2 ** 30;
    const inner = new MessageWriter();
    inner.joined({ number: 9 }, [{ kind: 'produced', length, produce: () => [] }]);
    const outer = new MessageWriter();
    outer.message(field, inner);

    const [header] = outer.pieces;

    const reader = new BinaryReader(header instanceof Uint8Array ? header : new Uint8Array());
    reader.tag();
    expect(reader.uint64()).toBe(BigInt(inner.length));
    reader.tag();
    expect(reader.uint64()).toBe(BigInt(length));
    expect(outer.length).toBe((header?.length ?? 0) + length);
  });
});

describe('chunksOf', () => {
  it.each([[false], [true]])('gives the bytes in order, never more than a chunk at once (reuse: %s)', (reuse) => {
    const source = {
      path: 'memory',
      sizeBytes: 5e6,
      read: (offset: number, length: number) => numbered(offset, length),
      fill: (offset: number, target: Uint8Array) => target.set(numbered(offset, target.length)),
    };
    const pieces = [
      numbered(0, 10),
      { kind: 'range', source, offset: 10, length: 2_500_000 } as const,
      numbered(2_500_010, 1_400_000),
      { kind: 'produced', length: 1_000, produce: () => [numbered(3_900_010, 300), numbered(3_900_310, 700)] } as const,
    ];

    const chunks: Uint8Array[] = [];
    for (const chunk of chunksOf(pieces, { reuse })) chunks.push(Uint8Array.from(chunk));

    expect(Math.max(...chunks.map(({ length }) => length))).toBe(chunkBytes);
    expect(Buffer.concat(chunks).equals(numbered(0, 3_901_010))).toBe(true);
  });

  it.each([[900], [1_100]])('throws when %i bytes are produced where 1000 were promised', (count) => {
    const pieces = [{ kind: 'produced', length: 1000, produce: () => [new Uint8Array(count)] } as const];
    expect(() => [...chunksOf(pieces)]).toThrow(RangeError);
  });
});

function numbered(offset: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (offset + index) % 251));
}
