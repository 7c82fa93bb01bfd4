import { crc32, inflateRawSync } from 'node:zlib';
import { DataError } from '../errors.ts';
import { maxTensorBytes } from './data-file.ts';
import { malformed, viewAt, type ZipEntry, type ZipFile } from './zip-directory.ts';

/**
 * Deflate's best: 258 bytes from two bits, 1032 to 1 (zlib, "Technical Details"). A directory that promises more lies.
 * No lower cap would do: a mask of ones, which is real data, comes close to it.
 */
const maxDeflateRatio = 1032;

/** Zip's method 0: the bytes as they are. */
export const stored = 0;
const deflated = 8;

/**
 * Unpacks one entry. No more memory is used than its directory entry says, which must be possible and in bounds.
 * @throws DataError `data-malformed` for a wrong size or checksum, `data-unsupported` for encryption and other methods.
 */
export function readZipEntry(zip: ZipFile, entry: ZipEntry): Uint8Array {
  if (entry.sizeBytes > maxTensorBytes) {
    const problem = `${entry.name} unpacks to ${entry.sizeBytes} bytes, more than the ${maxTensorBytes} of one tensor`;
    throw new DataError('data-unsupported', { path: zip.path, problem });
  }
  const offset = locateZipEntry(zip, entry);
  const view = viewAt(zip, { offset, length: entry.packedBytes, what: `the data of ${entry.name}` });
  const packed = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const bytes = entry.method === stored ? packed : inflate(zip, { entry, offset, packed });
  if (bytes.length !== entry.sizeBytes) {
    throw malformed(zip, offset, `${entry.name} has ${bytes.length} bytes, its directory says ${entry.sizeBytes}`);
  }
  if (crc32(bytes) !== entry.crc32) throw malformed(zip, offset, `${entry.name} does not match its checksum`);
  return bytes;
}

function checkReadable(zip: ZipFile, { name, flags, method }: ZipEntry): void {
  const unsupported = (problem: string) => new DataError('data-unsupported', { path: zip.path, problem });
  if (flags & 1) throw unsupported(`${name} is encrypted`);
  if (method !== stored && method !== deflated) {
    throw unsupported(`${name} is packed with zip method ${method}; stored and deflated entries are read`);
  }
}

function checkRatio(zip: ZipFile, { name, method, packedBytes, sizeBytes, headerOffset }: ZipEntry): void {
  const most = method === stored ? packedBytes : packedBytes * maxDeflateRatio;
  if (sizeBytes > most) {
    throw malformed(zip, headerOffset, `${name} claims ${sizeBytes} bytes from ${packedBytes}, which cannot be`);
  }
}

/**
 * Where an entry's packed bytes begin, all of which the file has; it is of a kind that is read, and its size possible.
 * @throws DataError `data-malformed` or `data-unsupported`
 */
export function locateZipEntry(zip: ZipFile, entry: ZipEntry): number {
  checkReadable(zip, entry);
  checkRatio(zip, entry);
  const header = viewAt(zip, { offset: entry.headerOffset, length: 30, what: `the header of ${entry.name}` });
  if (header.getUint32(0, true) !== 0x04_03_4b_50) {
    throw malformed(zip, entry.headerOffset, `the header of ${entry.name} is not where its directory says`);
  }
  const offset = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + entry.packedBytes <= zip.source.sizeBytes) return offset;
  throw malformed(zip, offset, `the data of ${entry.name} lies outside the file`);
}

interface PackedEntry {
  readonly entry: ZipEntry;
  readonly offset: number;
  readonly packed: Uint8Array;
}

function inflate(zip: ZipFile, { entry, offset, packed }: PackedEntry): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.sizeBytes) });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw malformed(zip, offset, `${entry.name} does not unpack: ${problem}`);
  }
}
