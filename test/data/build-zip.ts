import { crc32, deflateRawSync } from 'node:zlib';
import type { ByteSource } from '../../src/data/byte-source.ts';

/** An entry to write, with whatever its headers should say in place of the truth. */
export interface EntryToWrite {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly saysBytes?: number;
}

const le = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes);
};

/** A zip archive put together by hand from APPNOTE's layout, with zip64 records where asked. */
export function buildZip(entries: readonly EntryToWrite[], zip64 = false): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = entry.deflate ? deflateRawSync(entry.data) : Buffer.from(entry.data);
    const name = Buffer.from(entry.name);
    const size = entry.saysBytes ?? entry.data.length;
    const method = entry.method ?? (entry.deflate ? 8 : 0);
    const start = [le(2, entry.flags ?? 0), le(2, method), le(4, 0), le(4, entry.crc ?? crc32(entry.data))];
    const local = Buffer.concat([
      le(4, 0x04034b50),
      le(2, 45),
      ...start,
      le(4, packed.length),
      le(4, size),
      le(2, name.length),
      le(2, 0),
      name,
    ]);
    const extra = zip64
      ? Buffer.concat([le(2, 1), le(2, 24), le(8, size), le(8, packed.length), le(8, offset)])
      : le(0, 0);
    const wide = (value: number): Buffer => le(4, zip64 ? 0xffffffff : value);
    directory.push(
      le(4, 0x02014b50),
      le(2, 45),
      le(2, 45),
      ...start,
      wide(packed.length),
      wide(size),
      le(2, name.length),
      le(2, extra.length),
      le(2, 0),
      le(2, 0),
      le(2, 0),
      le(4, 0),
      wide(offset),
      name,
      extra,
    );
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end64 = Buffer.concat([
    le(4, 0x06064b50),
    le(8, 44),
    le(2, 45),
    le(2, 45),
    le(4, 0),
    le(4, 0),
    le(8, entries.length),
    le(8, entries.length),
    le(8, central.length),
    le(8, offset),
    le(4, 0x07064b50),
    le(4, 0),
    le(8, offset + central.length),
    le(4, 1),
  ]);
  const end = Buffer.concat([
    le(4, 0x06054b50),
    le(2, 0),
    le(2, 0),
    le(2, zip64 ? 0xffff : entries.length),
    le(2, zip64 ? 0xffff : entries.length),
    le(4, zip64 ? 0xffffffff : central.length),
    le(4, zip64 ? 0xffffffff : offset),
    le(2, 0),
  ]);
  return Buffer.concat([...parts, central, zip64 ? end64 : le(0, 0), end]);
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
}
