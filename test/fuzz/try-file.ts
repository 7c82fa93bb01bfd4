import { InferError } from '../../src/errors.ts';
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';

/**
 * What a user's file goes through: read, looked at and, when it is accepted, written anew and read once more. Only an
 * InferError may stop it; anything else is thrown on.
 */
export function tryFile(bytes: Uint8Array): 'accepted' | 'rejected' {
  try {
    const model = readModelBytes(bytes);
    inspectModel(model, { dims: {} });
    model.graph.touch();
    readModelBytes(encodeModel(model));
    return 'accepted';
  } catch (error) {
    if (error instanceof InferError) return 'rejected';
    throw error;
  }
}
