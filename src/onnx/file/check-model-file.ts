import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ModelError, UsageError } from '../../errors.ts';
import { mostTopLevelFields } from './limits.ts';

/**
 * Looks at a model file without parsing it: the top-level protobuf fields are walked, a few bytes each, so that a file
 * of any size takes a moment. Throws UsageError for a missing file or a directory, ModelError for one that is empty,
 * no ONNX model, or cut off.
 */
export function checkModelFile(path: string): void {
  const stats = statOf(path);
  if (stats === undefined) throw new UsageError('file-missing', { path, what: 'model' });
  if (stats.isDirectory()) throw new UsageError('is-directory', { path, what: 'model' });
  if (stats.size === 0) throw new ModelError('model-empty', { path });
  const file = openFile(path);
  try {
    const read = (offset: number, length: number) => readAt(file, offset, length);
    const looksLike = recognize(read(0, 64));
    if (looksLike !== null) throw new ModelError('model-not-onnx', { path, looksLike });
    walkTopLevel({ path, sizeBytes: stats.size, read });
  } finally {
    closeSync(file);
  }
}

interface Source {
  readonly path: string;
  readonly sizeBytes: number;
  readonly read: (offset: number, length: number) => Buffer;
}

/** ModelProto's highest field is 26 (configuration), of onnx.proto3 in ONNX 1.20; one far above is another format. */
const highestField = 100;
const graphField = 7;

function walkTopLevel({ path, sizeBytes, read }: Source): void {
  let offset = 0;
  let hasGraph = false;
  for (let count = 0; offset < sizeBytes; count++) {
    const field = readField(read(offset, 20));
    if (field === null || field.number > highestField)
      throw offset === 0
        ? new ModelError('model-not-onnx', { path, looksLike: 'an unknown format' })
        : new ModelError('model-truncated', { path, sizeBytes, offset, problem: 'no protobuf field starts here' });
    if (count > mostTopLevelFields)
      throw new ModelError('model-invalid', {
        path,
        where: '',
        problem: `it has more than ${mostTopLevelFields} parts`,
      });
    hasGraph ||= field.number === graphField;
    const next = offset + field.headerBytes + field.bodyBytes;
    if (next > sizeBytes)
      throw new ModelError('model-truncated', {
        path,
        sizeBytes,
        offset,
        problem: `a field of ${field.bodyBytes} bytes starts here, ${next - sizeBytes} of them are missing`,
      });
    offset = next;
  }
  if (!hasGraph) throw new ModelError('model-not-onnx', { path, looksLike: 'a protobuf message without a graph' });
}

interface Field {
  readonly number: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** A field's tag and length; null when the bytes are no tag that proto2 messages have. */
function readField(bytes: Buffer): Field | null {
  const tag = readVarint(bytes, 0);
  if (tag === null || tag.value < 8) return null;
  const number = Math.floor(tag.value / 8);
  switch (tag.value % 8) {
    case 0: {
      const value = readVarint(bytes, tag.end);
      return value && { number, headerBytes: value.end, bodyBytes: 0 };
    }
    case 1:
      return { number, headerBytes: tag.end, bodyBytes: 8 };
    case 2: {
      const length = readVarint(bytes, tag.end);
      return length && { number, headerBytes: length.end, bodyBytes: length.value };
    }
    case 5:
      return { number, headerBytes: tag.end, bodyBytes: 4 };
    default:
      return null;
  }
}

/** A base-128 varint as a number: exact to 2^53, which no file reaches. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return null;
}

const signatures: readonly (readonly [prefix: string, name: string])[] = [
  ['ffd8ff', 'a JPEG image'],
  ['89504e47', 'a PNG image'],
  ['504b0304', 'a zip archive (a PyTorch or Keras file?): export it to ONNX first'],
  ['1f8b', 'a gzip archive: unpack it first'],
  ['25504446', 'a PDF document'],
  ['894844460d0a1a0a', 'an HDF5 file (Keras?): export it to ONNX first'],
  [Buffer.from('version https://git-lfs').toString('hex'), 'a Git LFS pointer: run `git lfs pull` first'],
  [Buffer.from('GGUF').toString('hex'), 'a GGUF model: export it to ONNX first'],
  [Buffer.from('<').toString('hex'), 'an HTML or XML page (a failed download?)'],
  [Buffer.from('{').toString('hex'), 'a JSON file'],
];

/** What a file that is no ONNX model looks like by its first bytes; null when nothing is known against it. */
function recognize(head: Buffer): string | null {
  const hex = head.toString('hex');
  if (head.subarray(4, 8).toString('latin1') === 'TFL3') return 'a TensorFlow Lite model: convert it to ONNX first';
  const known = signatures.find(([prefix]) => hex.startsWith(prefix))?.[1];
  return known ?? (isText(head) ? 'text' : null);
}

/** A model's first bytes hold tags and lengths that are no letters, such as the 8 before its IR version. */
function isText(head: Buffer): boolean {
  return head.every((byte) => byte === 0x09 || byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A path through a file leads nowhere either.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const problem = error instanceof Error ? error.message : String(error);
  return new UsageError('file-unreadable', { path, problem }, { cause: error });
}

function readAt(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
}
