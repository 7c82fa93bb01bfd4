import { createReadStream, readFileSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { CompressedBytes } from './figures.ts';

/** Larger files are not compressed in memory. */
const mostZstdBytes = 512 * 2 ** 20;

/** What gzip and zstd, at their default levels, make of a file. */
export async function compressedSizes(path: string, signal: AbortSignal): Promise<CompressedBytes> {
  let gzipBytes = 0;
  const counter = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      gzipBytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(path), createGzip(), counter, { signal });
  return { gzipBytes, zstdBytes: await zstdBytesOf(path) };
}

async function zstdBytesOf(path: string): Promise<number | null> {
  if (statSync(path).size > mostZstdBytes) return null;
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const zstd = await Zstd.load();
  return zstd.compress(readFileSync(path)).length;
}
