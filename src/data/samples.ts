import { join } from 'node:path';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { arraySamples } from './array-samples.ts';
import { readDataFile } from './data-file.ts';
import { dataKindOf, unsupportedData } from './data-kind.ts';
import { decodeNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import type { Sample } from './sample.ts';
import type { SampleOptions } from './sample-options.ts';
import { testSetSamples } from './test-set-samples.ts';

const supported = 'data is an .npz file, a folder of .npy files, or ONNX test_data_set folders';

/**
 * Loads samples from an `.npz` file or a folder of `.npy` files, where each array's first axis counts the samples, or
 * from ONNX `test_data_set_*` folders, each of them one sample with its expected outputs.
 * @throws DataError naming the path, and the input or file within it
 */
export function loadSamples(path: string, options: SampleOptions): readonly Sample[] {
  const data = dataKindOf(path, supported);
  switch (data.kind) {
    case 'npz': {
      const archive = openNpz(path);
      return arraySamples({ path, names: archive.names, read: (name) => archive.read(name) }, options);
    }
    case 'npy folder':
      return arraySamples({ path, names: data.names, read: (name) => readNpy(path, name) }, options);
    case 'test sets':
      return testSetSamples(data.folders, options);
    default:
      throw unsupportedData(path, `${data.kind} cannot be used here`, supported);
  }
}

function readNpy(folder: string, name: string): DenseTensor {
  const path = join(folder, `${name}.npy`);
  return decodeNpy(readDataFile(path), path);
}
