import type { BenchResult } from '../bench/bench-result.ts';
import { isReplaceable, writeAtomically } from '../commands/write-atomically.ts';
import { UsageError } from '../errors.ts';
import { describeError } from '../report/messages/message.ts';
import { loadRenderer } from './show-result.ts';
import type { OutputChoice } from './show-result.ts';

/**
 * Writes the result file anew after each round, so that even a killed `infer` leaves the rounds it finished. A disk
 * that is full in the middle is told once; the last complete file stays.
 */
export async function checkpointWriter(
  { file }: OutputChoice,
  progress: { readonly remark: (text: string) => void },
): Promise<(result: () => BenchResult) => void> {
  // A pipe or device would get one document after another.
  let isBroken = file !== null && !isReplaceable(file.path);
  const render = file === null ? null : await loadRenderer(file.format);
  return (result) => {
    if (file === null || render === null || isBroken) return;
    try {
      writeAtomically(file.path, render(result()));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      isBroken = true;
      progress.remark(`warning: ${describeError(error)}`);
    }
  };
}
