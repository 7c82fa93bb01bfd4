import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { unreadable } from './data-file.ts';

/** Bytes that are read where they are needed, so that a big archive is never in memory as a whole. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** The bytes from `offset` on; fewer than `length` where the source ends. */
  read(offset: number, length: number): Uint8Array;
}

/**
 * A file, opened anew for each read: reads are few and nothing stays open.
 * @throws UsageError `file-missing` or `file-unreadable`, here and from `read`, when the file cannot be read.
 */
export function fileSource(path: string): ByteSource {
  return {
    sizeBytes: withFile(path, (file) => fstatSync(file).size),
    read: (offset, length) =>
      withFile(path, (file) => {
        const buffer = new Uint8Array(Math.max(0, Math.min(length, fstatSync(file).size - offset)));
        let done = 0;
        while (done < buffer.length) {
          const got = readSync(file, buffer, done, buffer.length - done, offset + done);
          if (got === 0) break;
          done += got;
        }
        return buffer.subarray(0, done);
      }),
  };
}

function withFile<T>(path: string, use: (file: number) => T): T {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return use(file);
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
