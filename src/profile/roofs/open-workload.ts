import { writeRunnable } from '../../onnx/file/runnable-model.ts';
import type { Session } from '../../runtime/runtime.ts';
import type { RoofsRequest } from './roofs-request.ts';
import type { Workload } from './workload.ts';

export interface OpenWorkload {
  readonly session: Session;
  /** FLOP or bytes in a run. */
  readonly amount: number;
  close(): Promise<void>;
}

/** Enough for what surrounds the work of a run to be lost in it, on a processor. */
const fewestRepeats = 2;

/** Shorter runs are made longer, on a GPU for instance, where starting one takes as long as a product. */
const longEnoughMs = 20;

const mostRepeats = 256;

/** Opens a workload in a process of its own, long enough to be timed. Throws as runs do. */
export async function openWorkload(workload: Workload, request: RoofsRequest): Promise<OpenWorkload> {
  const first = await openRepeated(workload, fewestRepeats, request);
  if (first.runMs >= longEnoughMs) return first;
  const repeats = Math.min(mostRepeats, Math.ceil((fewestRepeats * 1.5 * longEnoughMs) / first.runMs));
  await first.close();
  return openRepeated(workload, repeats, request);
}

async function openRepeated(workload: Workload, repeats: number, request: RoofsRequest) {
  const { runtime, workplace, provider, threads, timeoutMs, signal } = request;
  const file = await writeRunnable(workload.build(repeats), { workplace, near: null });
  try {
    const options = { modelPath: file.path, provider, threads, timeoutMs, strictProvider: false };
    const session = await runtime.open({ ...options, optimization: 'all' }, signal);
    const close = () => session.close();
    try {
      return { session, close, amount: workload.amount(repeats), runMs: await warmRunMs(session, workload) };
    } catch (error) {
      await close();
      throw error;
    }
  } finally {
    // The process has read it.
    file.dispose();
  }
}

/** The first run pays for buffers and, on a GPU, for shaders. */
async function warmRunMs(session: Session, { feeds }: Workload): Promise<number> {
  await session.setInputs([feeds]);
  await session.run(feeds);
  const { elapsedMs: a } = await session.run(feeds);
  const { elapsedMs: b } = await session.run(feeds);
  return Math.min(a, b);
}
