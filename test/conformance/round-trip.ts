import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { saveModel } from '../../src/onnx/file/save-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import { allGraphs } from '../../src/onnx/traverse.ts';

export interface RoundTrip {
  /** Opened and saved: every byte as it was. */
  readonly identical: boolean;
  /** Every message that the graph holds encoded anew instead of copied: the same bytes too, as most writers order them. */
  readonly reencodedIdentical: boolean;
  /** The file encoded anew, read, and encoded anew again is what it was: nothing is lost on the way. */
  readonly stable: boolean;
}

/** Opens and saves a model in three ways. */
export async function roundTrip(path: string, folder: string): Promise<RoundTrip> {
  const original = readFileSync(path);
  const opened = openModel(path);
  try {
    const target = join(folder, 'saved.onnx');
    await saveModel(opened.model, target, { externalData: 'keep' });
    const identical = original.equals(readFileSync(target));
    forgetOrigins(opened.model);
    const anew = encodeModel(opened.model);
    const again = readModelBytes(anew);
    forgetOrigins(again);
    return {
      identical,
      reencodedIdentical: original.equals(anew),
      stable: Buffer.from(anew).equals(encodeModel(again)),
    };
  } finally {
    opened.close();
  }
}

/** Makes everything in a model be encoded anew, but for tensors, which never change. */
function forgetOrigins(model: Model): void {
  for (const graph of allGraphs(model)) {
    for (const value of [...graph.inputs, ...graph.initializers, ...graph.outputs]) value.infoOrigin = null;
    for (const node of graph.nodes()) {
      node.touch();
      for (const value of node.outputs) if (value !== null) value.infoOrigin = null;
    }
    graph.touch();
  }
}
