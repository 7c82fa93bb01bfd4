import { InferError } from '../../errors.ts';
import { writeRunnable } from '../../onnx/file/runnable-model.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import { adapted } from '../trials/model-feeding.ts';
import type { FedWork } from './work.ts';

/**
 * How many nodes of the prepared model the provider leaves to the CPU, in one run on the first batch that calibrates.
 * Null on the CPU, and where the run cannot be profiled: that it calibrates is what matters.
 */
export async function fallbackNodes(work: FedWork): Promise<number | null> {
  const { request, context, prepared, threads, feeds } = work;
  const { provider, strictProvider, timeoutMs } = request;
  if (provider === 'cpu') return null;
  const file = await writeRunnable(prepared, { workplace: thisWorkplace(), near: null });
  try {
    // As calibration runs it: without the runtime's own rewrites.
    const options = {
      modelPath: file.path,
      provider,
      threads,
      optimization: 'disabled',
      strictProvider,
      timeoutMs,
    } as const;
    const session = await context.runtime.open(options, context.signal);
    try {
      for await (const batch of adapted(work, feeds.calibration)) {
        const placement = await session.placement(batch);
        return placement.reduce((sum, each) => sum + (/^CPU/i.test(each.provider) ? each.nodes : 0), 0);
      }
      return null;
    } finally {
      await session.close();
    }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof InferError)) throw error;
    return null;
  } finally {
    file.dispose();
  }
}
