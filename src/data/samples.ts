import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { arraySamples } from './array-samples.ts';
import { readDataFile, unreadable } from './data-file.ts';
import { decodeNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import type { Sample } from './sample.ts';
import type { SampleOptions } from './sample-options.ts';
import { isTestSetFile, testSetSamples } from './test-set-samples.ts';

const supported = 'data is an .npz file, a folder of .npy files, or ONNX test_data_set folders';

/**
 * Loads samples from an `.npz` file or a folder of `.npy` files, where each array's first axis counts the samples, or
 * from ONNX `test_data_set_*` folders, each of them one sample with its expected outputs.
 * @throws DataError naming the path, and the input or file within it
 */
export function loadSamples(path: string, options: SampleOptions): readonly Sample[] {
  if (!isFolder(path)) {
    if (!/\.npz$/i.test(path)) throw unsupported(path, `${basename(path)} is of no kind that is read`);
    const archive = openNpz(path);
    return arraySamples({ path, names: archive.names, read: (name) => archive.read(name) }, options);
  }
  const files = list(path);
  if (files.some(isTestSetFile)) return testSetSamples([path], options);
  const sets = files.filter((file) => isFolder(join(path, file)) && list(join(path, file)).some(isTestSetFile));
  if (sets.length > 0) {
    return testSetSamples(
      sets.map((set) => join(path, set)),
      options,
    );
  }
  const arrays = files.filter((file) => file.endsWith('.npy')).map((file) => file.slice(0, -'.npy'.length));
  if (arrays.length > 0) return arraySamples({ path, names: arrays, read: (name) => readNpy(path, name) }, options);
  throw files.length === 0
    ? new DataError('data-missing', { path, problem: 'the folder is empty' })
    : unsupported(path, 'the folder has none of these');
}

function readNpy(folder: string, name: string): DenseTensor {
  const path = join(folder, `${name}.npy`);
  return decodeNpy(readDataFile(path), path);
}

/** Names in a folder, `set_10` after `set_9`. */
function list(folder: string): readonly string[] {
  try {
    const { compare } = new Intl.Collator('en', { numeric: true });
    return readdirSync(folder).toSorted(compare);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unsupported(path: string, problem: string): DataError {
  return new DataError('data-unsupported', { path, problem: `${problem}; ${supported}` });
}
