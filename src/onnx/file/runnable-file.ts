import { removeQuietly } from './scratch-names.ts';
import type { Workplace } from './workplace.ts';

/** A file that onnxruntime can open. */
export interface RunnableFile {
  readonly path: string;
  /** Removes what was made for it. The end of the process does so too. */
  dispose(): void;
}

/** A file that stays, since nothing was made for it. */
export function lastingFile(path: string): RunnableFile {
  return { path, dispose: () => undefined };
}

/** A file that goes, with everything else that was made for it. */
export function removeOnDispose(path: string, made: readonly string[], workplace: Workplace): RunnableFile {
  const remove = () => {
    for (const each of made) removeQuietly(each);
  };
  const forget = workplace.onExit(remove);
  return {
    path,
    dispose: () => {
      forget();
      remove();
    },
  };
}
