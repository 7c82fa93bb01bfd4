import { createProcessRuntime } from '../runtime/process-runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** This machine's runtime. */
export function createRuntime(): Runtime {
  return createProcessRuntime({ externalFilesOf });
}

/** A model that we cannot read may be one that the runtime can: it says so then. */
async function externalFilesOf(path: string): Promise<readonly { readonly location: string; readonly path: string }[]> {
  const { openModel } = await import('../onnx/file/open-model.ts');
  try {
    const opened = openModel(path);
    opened.close();
    return opened.externalFiles;
  } catch {
    return [];
  }
}
