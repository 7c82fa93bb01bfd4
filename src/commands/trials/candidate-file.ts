import { scratchFile } from '../../onnx/file/scratch-file.ts';
import { saveModel } from '../../onnx/file/save-model.ts';
import type { Model } from '../../onnx/model.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';

/** A candidate on disk, as it would be written. */
export interface CandidateFile {
  readonly path: string;
  /** Its data file counted. */
  readonly sizeBytes: number;
  dispose(): void;
}

/** Writes a candidate to a temporary folder. Throws UsageError 'output-unwritable' and ModelError as `saveModel`. */
export async function writeCandidate(model: Model, signal: AbortSignal): Promise<CandidateFile> {
  const file = scratchFile(thisWorkplace(), 'candidate.onnx');
  try {
    const { sizeBytes, dataBytes } = await saveModel(model, file.path, { signal });
    return { path: file.path, sizeBytes: sizeBytes + dataBytes, dispose: () => file.dispose() };
  } catch (error) {
    file.dispose();
    throw error;
  }
}
