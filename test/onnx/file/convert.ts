import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { SavedModel, SaveOptions } from '../../../src/onnx/file/save-model.ts';
import { saveModel } from '../../../src/onnx/file/save-model.ts';
import type { Model } from '../../../src/onnx/model.ts';

/** Opens a model, edits it if asked, saves it, and closes it. */
export async function convert(
  from: string,
  to: string,
  options: SaveOptions & { readonly edit?: (model: Model) => void } = {},
): Promise<SavedModel> {
  const opened = openModel(from);
  try {
    options.edit?.(opened.model);
    return await saveModel(opened.model, to, options);
  } finally {
    opened.close();
  }
}

/** The smallest edit: the model is written anew, its graph copied. */
export function touch(model: Model): void {
  model.setMetadata([{ key: 'edited', value: 'yes' }]);
}
