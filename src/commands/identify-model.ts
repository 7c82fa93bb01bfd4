import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ModelFile } from '../bench/bench-options.ts';
import { checkModelFile } from '../onnx/file/check-model-file.ts';

/** Path, hash and size of a model file, read as a stream. Throws UsageError or ModelError when it cannot be one. */
export async function identifyModel(path: string): Promise<ModelFile> {
  checkModelFile(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { path, sha256: hash.digest('hex'), sizeBytes: statSync(path).size };
}
