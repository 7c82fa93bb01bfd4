import { arrayDataset } from './array-dataset.ts';
import { type DataKind, dataKindOf } from './data-kind.ts';
import type { RecordSource } from './data-record.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { imageRecords } from './image-records.ts';
import { jsonlRecords } from './jsonl-records.ts';
import { checkPreprocess } from './preprocess.ts';
import { recordDataset } from './record-dataset.ts';
import { ScratchFiles } from './scratch-files.ts';
import { openNpyFolder, openNpzArrays } from './stored-arrays.ts';
import { testSetRecords } from './test-set-records.ts';

const supported =
  'data is an .npz or .jsonl file, a folder of .npy files, of images or of a folder of images a class, or ONNX test_data_set folders';

/**
 * Opens data of any kind to be read in batches: an `.npz` file or folder of `.npy` files (names are those of inputs,
 * the first axis counts samples, `label` holds what is true of them), a `.jsonl` file, folders of images, or ONNX
 * `test_data_set_*` folders. Nothing is read whole: compressed arrays are unpacked into scratch files once.
 * Types are converted where nothing is lost, and from numpy's defaults: float64 to float32, int64 to int32.
 * @throws DataError naming the file, input, type or shape; UsageError for paths, settings and missing packages
 */
export async function openDataset(path: string, options: DatasetOptions): Promise<Dataset> {
  const data = dataKindOf(path, supported);
  if (options.preprocess !== null) checkPreprocess(options.preprocess);
  const isArrays = data.kind === 'npz' || data.kind === 'npy folder';
  return isArrays ? openArrays(path, data, options) : openRecords(path, data, options);
}

type ArrayKind = Extract<DataKind, { readonly kind: 'npz' | 'npy folder' }>;

async function openArrays(path: string, data: ArrayKind, options: DatasetOptions): Promise<Dataset> {
  const scratch = new ScratchFiles(options.workplace);
  const arrays = data.kind === 'npz' ? openNpzArrays(path, scratch) : openNpyFolder(path, data.names, scratch);
  const close = () => {
    arrays.close();
    scratch.remove();
  };
  return closing(close, () => arrayDataset(arrays, options));
}

type RecordKind = Exclude<DataKind, ArrayKind>;

async function openRecords(path: string, data: RecordKind, options: DatasetOptions): Promise<Dataset> {
  const source = await recordsOf(path, data, options);
  return closing(
    () => source.close(),
    () => recordDataset(source, options),
  );
}

async function recordsOf(path: string, data: RecordKind, options: DatasetOptions): Promise<RecordSource> {
  switch (data.kind) {
    case 'jsonl':
      return jsonlRecords(path, options);
    case 'images':
      return imageRecords(path, data.folder, options);
    case 'test sets':
      return testSetRecords(path, data.folders, options);
  }
}

/** The dataset with its end; what was opened for it is closed at once where it cannot be had. */
async function closing(close: () => void, open: () => Promise<Omit<Dataset, 'close'>>): Promise<Dataset> {
  try {
    const dataset = await open();
    return { ...dataset, close: async () => close() };
  } catch (error) {
    close();
    throw error;
  }
}
