import type { RecordSource } from './data-record.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { readTestSet } from './test-set-samples.ts';

/** ONNX `test_data_set_*` folders, one sample each, with the outputs to expect. */
export function testSetRecords(path: string, folders: readonly string[], options: DatasetOptions): RecordSource {
  const folderOf = (index: number) => folders[index] ?? path;
  return {
    path,
    size: folders.length,
    hasLabels: false,
    classNames: null,
    hasPairs: false,
    originOf: folderOf,
    quickKey: null,
    load: async (index) => ({ ...readTestSet(folderOf(index), options), pair: null, label: null }),
    close: () => undefined,
  };
}
