import { InferError } from '../errors.ts';
import type { InspectResult, LoadVerification } from '../inspect/inspect-result.ts';
import { inspectModel } from '../inspect/inspect-model.ts';
import type { OpenedModel } from '../onnx/file/open-model.ts';
import { openModel } from '../onnx/file/open-model.ts';
import { runnableModel } from '../onnx/file/runnable-model.ts';
import { verifyChecksums } from '../onnx/file/verify-checksums.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import { bindDims } from './bind-dims.ts';
import type { Envelope } from './envelope.ts';

export interface InspectRequest {
  readonly modelPath: string;
  /** Lengths of symbolic dimensions, by name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** Rows to have in the longest lists at least. */
  readonly rows: number;
  /** Load the model in the runtime too, and compare data files with their checksums. */
  readonly verify: boolean;
}

export interface InspectContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
}

export interface Inspected {
  readonly result: InspectResult;
  /** Why the runtime does not take the model. */
  readonly failure: InferError | null;
}

/** Loading gigabytes from a slow disk takes minutes, in which nothing is heard of the process. */
const loadTimeoutMs = 600_000;

/** Tells what a model is made of and costs. Throws UsageError, and ModelError for a file that is no sound model. */
export async function inspect(request: InspectRequest, context: InspectContext): Promise<Inspected> {
  const opened = openModel(request.modelPath);
  try {
    const dims = bindDims(opened.model, request.dims);
    const inspection = inspectModel(opened.model, { dims, file: opened, rows: request.rows });
    const { verification, failure } = request.verify ? await verified(opened, context) : notVerified;
    const environment = await context.runtime.environment();
    return { result: { ...context.envelope, kind: 'inspect', environment, ...inspection, verification }, failure };
  } finally {
    opened.close();
  }
}

interface Verified {
  readonly verification: LoadVerification;
  readonly failure: InferError | null;
}

const notVerified: Verified = { verification: { status: 'skipped' }, failure: null };

async function verified({ model, path }: OpenedModel, { runtime, signal }: InspectContext): Promise<Verified> {
  try {
    const checksums = verifyChecksums(model);
    await load(path, runtime, signal);
    return { verification: { status: 'loaded', checksums }, failure: null };
  } catch (error) {
    if (!(error instanceof InferError)) throw error;
    const { code, details } = error.finding;
    return { verification: { status: 'failed', failure: { code, details: { ...details } } }, failure: error };
  }
}

async function load(path: string, runtime: Runtime, signal: AbortSignal): Promise<void> {
  const runnable = await runnableModel(path, thisWorkplace());
  const runner = await runtime.openRunner({ threads: 1, timeoutMs: loadTimeoutMs }, signal);
  try {
    await runner.load({ path: runnable.path }, { name: path });
  } finally {
    await runner.close();
    runnable.dispose();
  }
}
