import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { ModelFile } from '../bench/bench-options.ts';
import { contextLimit } from '../data/context-limit.ts';
import { integerLimits } from '../data/integer-limits.ts';
import { ModelError } from '../errors.ts';
import { checkModelFile } from '../onnx/file/check-model-file.ts';
import { openModel } from '../onnx/file/open-model.ts';

/**
 * Path, hash and size of a model (its data files counted), read as a stream, and what can be read off its graph about
 * its inputs. Throws UsageError or ModelError when it cannot be a model.
 */
export async function identifyModel(path: string): Promise<ModelFile> {
  checkModelFile(path);
  const { limits, context, dataFiles } = lookInside(path);
  const hash = createHash('sha256');
  for (const file of [path, ...dataFiles]) await addFile(hash, file);
  const sizeBytes = [path, ...dataFiles].reduce((sum, file) => sum + statSync(file).size, 0);
  return { path, sha256: hash.digest('hex'), sizeBytes, integerLimits: limits, contextLimit: context };
}

async function addFile(hash: Hash, path: string): Promise<void> {
  // The usual pieces of 64 KiB take twice as long.
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
}

/** A graph that we refuse may still be one that the runtime takes: it decides then, and nothing is known of inputs. */
function lookInside(path: string) {
  try {
    const opened = openModel(path);
    try {
      // By their names in the model: a cache may keep the same files under others.
      const inOrder = opened.externalFiles.toSorted((a, b) => (a.location < b.location ? -1 : 1));
      const dataFiles = inOrder.map((file) => file.path);
      return { limits: integerLimits(opened.model), context: contextLimit(opened.model), dataFiles };
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof ModelError) return { limits: {}, context: null, dataFiles: [] };
    throw error;
  }
}
