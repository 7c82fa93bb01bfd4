import { DataError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** One file in a zip archive, as the central directory lists it (PKWARE's APPNOTE.TXT 6.3.10, section 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

/** An archive's bytes and the name that errors give it. */
export interface ZipFile {
  readonly source: ByteSource;
  readonly path: string;
}

/** The end record and its longest comment. */
const longestEnd = 22 + 0xff_ff;

/**
 * Lists a zip archive from its central directory, zip64 included.
 * @throws DataError `data-malformed`, also when entries lie over one another as in a bomb; `data-unsupported`.
 */
export function readZipDirectory(zip: ZipFile): readonly ZipEntry[] {
  const { entries: count, offset, sizeBytes } = locateDirectory(zip);
  const directory = viewAt(zip, { offset, length: sizeBytes, what: 'its directory' });
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    const entry = parseEntry(zip, { directory, at, base: offset });
    entries.push(entry.entry);
    at = entry.next;
  }
  const packedBytes = entries.reduce((sum, entry) => sum + entry.packedBytes, 0);
  if (packedBytes > zip.source.sizeBytes) throw malformed(zip, offset, 'its entries take more bytes than the file has');
  checkApart(zip, entries);
  return entries;
}

/** Bytes of a local header without name and extra field (APPNOTE 4.3.7). */
const headerBytes = 30;

function checkApart(zip: ZipFile, entries: readonly ZipEntry[]): void {
  const ordered = entries.toSorted((first, second) => first.headerOffset - second.headerOffset);
  let end = 0;
  for (const { name, headerOffset, packedBytes } of ordered) {
    if (headerOffset < end) throw malformed(zip, headerOffset, `${name} lies over another entry`);
    end = headerOffset + headerBytes + packedBytes;
  }
}

interface DirectoryPlace {
  readonly entries: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

function locateDirectory(zip: ZipFile): DirectoryPlace {
  const size = zip.source.sizeBytes;
  const tail = viewOf(zip.source.read(Math.max(0, size - longestEnd), longestEnd));
  const tailOffset = size - tail.byteLength;
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06_05_4b_50) continue;
    if (at + 22 + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    const place = {
      entries: tail.getUint16(at + 10, true),
      sizeBytes: tail.getUint32(at + 12, true),
      offset: tail.getUint32(at + 16, true),
    };
    if (tail.getUint16(at + 4, true) !== 0 && tail.getUint16(at + 4, true) !== 0xff_ff) throw severalVolumes(zip);
    const full = place.entries === 0xff_ff || place.sizeBytes === 0xff_ff_ff_ff || place.offset === 0xff_ff_ff_ff;
    return full ? locateZip64(zip, tailOffset + at - 20) : place;
  }
  throw malformed(zip, size, 'not a zip archive, or its end is missing');
}

function locateZip64(zip: ZipFile, locatorOffset: number): DirectoryPlace {
  const locator = viewAt(zip, { offset: locatorOffset, length: 20, what: 'its zip64 locator' });
  if (locator.getUint32(0, true) !== 0x07_06_4b_50) throw malformed(zip, locatorOffset, 'its zip64 locator is missing');
  if (locator.getUint32(16, true) > 1) throw severalVolumes(zip);
  const offset = uint64(locator, 8);
  const end = viewAt(zip, { offset, length: 56, what: 'its zip64 end record' });
  if (end.getUint32(0, true) !== 0x06_06_4b_50) throw malformed(zip, offset, 'its zip64 end record is missing');
  return { entries: uint64(end, 32), sizeBytes: uint64(end, 40), offset: uint64(end, 48) };
}

interface EntryPlace {
  readonly directory: DataView;
  readonly at: number;
  /** Where the directory begins in the file. */
  readonly base: number;
}

function parseEntry(zip: ZipFile, { directory, at, base }: EntryPlace): { entry: ZipEntry; next: number } {
  if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== 0x02_01_4b_50) {
    throw malformed(zip, base + at, 'its directory has fewer entries than it says');
  }
  const nameEnd = at + 46 + directory.getUint16(at + 28, true);
  const extraEnd = nameEnd + directory.getUint16(at + 30, true);
  const next = extraEnd + directory.getUint16(at + 32, true);
  if (next > directory.byteLength) throw malformed(zip, base + at, 'an entry reaches beyond its directory');
  const name = new TextDecoder().decode(bytesOf(directory, at + 46, nameEnd));
  const extra = viewOf(bytesOf(directory, nameEnd, extraEnd));
  const wide = zip64Fields(extra);
  // The extra field holds, in this order, only those that do not fit (APPNOTE 4.5.3).
  const widen = (value: number): number => (value === 0xff_ff_ff_ff ? (wide.shift() ?? value) : value);
  const sizeBytes = widen(directory.getUint32(at + 24, true));
  const packedBytes = widen(directory.getUint32(at + 20, true));
  const headerOffset = widen(directory.getUint32(at + 42, true));
  const flags = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  const crc32 = directory.getUint32(at + 16, true);
  return { entry: { name, flags, method, crc32, packedBytes, sizeBytes, headerOffset }, next };
}

function zip64Fields(extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      const fields: number[] = [];
      for (let field = at + 4; field + 8 <= Math.min(end, extra.byteLength); field += 8)
        fields.push(uint64(extra, field));
      return fields;
    }
    at = end;
  }
  return [];
}

/** Exactly the bytes asked for. @throws DataError `data-malformed` where the file ends before. */
export function viewAt(zip: ZipFile, part: { offset: number; length: number; what: string }): DataView {
  const missing = part.offset + part.length > zip.source.sizeBytes || part.offset < 0;
  const bytes = missing ? undefined : zip.source.read(part.offset, part.length);
  if (bytes?.length === part.length) return viewOf(bytes);
  throw malformed(zip, Math.max(0, part.offset), `${part.what} lies outside the file`);
}

/** A `data-malformed` error for this archive. */
export function malformed(zip: ZipFile, offset: number, problem: string): DataError {
  return new DataError('data-malformed', { path: zip.path, offset, problem });
}

function severalVolumes(zip: ZipFile): DataError {
  return new DataError('data-unsupported', { path: zip.path, problem: 'an archive in several volumes' });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView, start: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start);
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
