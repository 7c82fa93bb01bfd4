import { encodeModel } from '../onnx/file/encode-model.ts';
import type { RunnableFile } from '../onnx/file/runnable-file.ts';
import type { Model } from '../onnx/model.ts';
import { allGraphs } from '../onnx/traverse.ts';
import type { LoadedModel, LoadOptions, ModelRunner } from '../runtime/model-runner.ts';

/** Larger models reach the runtime as a file, whose constants stay where they are. */
const mostSentBytes = 64 * 2 ** 20;

/** Where models that are in no file are loaded. */
export interface EditedModels {
  readonly runner: ModelRunner;
  /** What errors call the model: its path. */
  readonly name: string;
  /** Writes a large model to where the runtime can open it: `writeRunnable`. */
  readonly write: (model: Model) => Promise<RunnableFile>;
}

/** Loads a model as it is now. `release` removes what was written for it. Throws as `load` and `write` do. */
export async function loadEdited(
  model: Model,
  { runner, name, write }: EditedModels,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  if (constantBytes(model) <= mostSentBytes) return runner.load({ bytes: encodeModel(model) }, { name, ...options });
  const { path, dispose } = await write(model);
  try {
    const loaded = await runner.load({ path }, { name, ...options });
    return {
      signature: loaded.signature,
      run: (feeds, outputs) => loaded.run(feeds, outputs),
      shapes: (feeds, outputs) => loaded.shapes(feeds, outputs),
      keep: (tensors) => loaded.keep(tensors),
      kept: (names) => loaded.kept(names),
      advance: (feeds, step) => loaded.advance(feeds, step),
      release: async () => {
        await loaded.release();
        dispose();
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

function constantBytes(model: Model): number {
  let bytes = 0;
  for (const graph of allGraphs(model)) {
    for (const { tensor } of graph.initializers) bytes += tensor?.byteLength ?? 0;
    for (const node of graph.nodes())
      for (const { kind, value } of node.attributes.values())
        if (kind === 'tensor' || kind === 'sparse-tensor') bytes += value.byteLength;
  }
  return bytes;
}
