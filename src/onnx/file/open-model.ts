import type { Model } from '../model.ts';
import { checkModelFile } from './check-model-file.ts';
import { ExternalFiles } from './external-files.ts';
import { readModel } from './read-model.ts';
import { SourceFile } from './source-file.ts';

/** A model file held open, for its large tensors are read when they are needed. */
export interface OpenedModel {
  readonly model: Model;
  readonly path: string;
  readonly sizeBytes: number;
  /** Data files beside it, with every link followed. */
  readonly externalFiles: readonly { readonly location: string; readonly path: string; readonly sizeBytes: number }[];
  /** Closes the file and its data files: tensors that are still in them cannot be read any more. */
  close(): void;
}

/**
 * Opens a model of any size in a moment. Throws UsageError for a path that leads to no file, ModelError for a file
 * that is no sound model.
 */
export function openModel(path: string): OpenedModel {
  checkModelFile(path);
  const source = new SourceFile(path);
  const data = new ExternalFiles(path);
  const close = () => {
    source.close();
    data.close();
  };
  try {
    const model = readModel(source, { externalFiles: data });
    const externalFiles = data.files.map(({ location, path, sizeBytes }) => ({ location, path, sizeBytes }));
    return { model, path, sizeBytes: source.sizeBytes, externalFiles, close };
  } catch (error) {
    close();
    throw error;
  }
}
