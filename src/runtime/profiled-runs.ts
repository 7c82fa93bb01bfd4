import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { openOnnxSession, toFeeds } from './onnxruntime.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';

export interface ProfiledRuns {
  readonly feeds: NamedTensors;
  readonly runs: number;
  /** Called after each run with the time of `performance.now`. */
  readonly onAlive?: (nowMs: number) => void;
}

/**
 * Runs a model in a session of its own with profiling on, and returns what onnxruntime wrote: a list of events, one a
 * line, each at the time of its end. Throws onnxruntime's own error.
 */
export async function profiledRuns(
  options: OnnxSessionOptions,
  { feeds, runs, onAlive }: ProfiledRuns,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'infer-profile-'));
  try {
    const session = await openOnnxSession({ ...options, profilePrefix: join(folder, 'run') });
    const tensors = toFeeds(feeds);
    for (let run = 0; run < runs; run++) {
      await session.run(tensors);
      onAlive?.(performance.now());
    }
    session.endProfiling();
    await session.release();
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
