import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { decodeTensorProto } from '../onnx/file/tensor-proto.ts';
import { TensorProtoError } from '../onnx/file/tensor-proto-error.ts';
import { readDataFile } from './data-file.ts';

/**
 * The named tensor in a `.pb` file of an ONNX test data set.
 * @throws UsageError `file-missing`, DataError `data-malformed` or `data-unsupported`, each with the path.
 */
export function readPbFile(path: string): { readonly name: string; readonly tensor: DenseTensor } {
  const bytes = readDataFile(path);
  try {
    return decodeTensorProto(bytes);
  } catch (cause) {
    if (!(cause instanceof TensorProtoError)) throw cause;
    const { reason, offset, message: problem } = cause;
    if (reason === 'unsupported') throw new DataError('data-unsupported', { path, problem }, { cause });
    throw new DataError('data-malformed', { path, offset, problem }, { cause });
  }
}
