import type { InputRequest } from '../data/input-request.ts';
import { resolveInputs } from '../data/resolve-inputs.ts';
import { ModelError, RuntimeError, UsageError } from '../errors.ts';
import { byteLengthOf } from '../onnx/data-type.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { LoadedModel } from '../runtime/model-runner.ts';

/** What a model returned for some inputs. */
export interface ReferenceRun {
  readonly feeds: NamedTensors;
  readonly expected: NamedTensors;
  /** Whether the inputs come from data rather than from a random number generator. */
  readonly isData: boolean;
}

/** Synthetic inputs beside data, for what the data do not reach. */
const syntheticBesideData = 3;

/** Outputs are kept until they are compared; further inputs are left out. */
const mostKeptBytes = 512 * 2 ** 20;

/**
 * Runs a model on data where there is any, and on synthetic inputs. Inputs that it refuses are left out: made-up ones
 * may be out of its range.
 * @throws UsageError and DataError for the request; ModelError or RuntimeError, the last refusal, when nothing ran
 */
export async function referenceRuns(loaded: LoadedModel, request: InputRequest): Promise<readonly ReferenceRun[]> {
  const runs: ReferenceRun[] = [];
  let refusal: unknown = new RangeError('the input pool is empty');
  let bytes = 0;
  for (const { feeds, isData } of feedsFor(loaded.signature, request)) {
    if (bytes > mostKeptBytes) break;
    try {
      const expected = await loaded.run(feeds);
      runs.push({ feeds, expected, isData });
      bytes += bytesOf(expected);
    } catch (error) {
      if (!isRuntimeFailure(error)) throw error;
      refusal = error;
    }
  }
  if (runs.length === 0) throw refusal;
  return runs;
}

/** Whether the runtime failed on a model, as opposed to the user's request, an interruption or a bug. */
export function isRuntimeFailure(error: unknown): error is ModelError | RuntimeError {
  return error instanceof ModelError || error instanceof RuntimeError;
}

/** Synthetic inputs come second to data, in the shapes of the data; where they cannot be made, data must do. */
function feedsFor(signature: ModelSignature, request: InputRequest): readonly Omit<ReferenceRun, 'expected'>[] {
  const { pool, dims } = resolveInputs(signature, request);
  const isData = request.samples !== null;
  const given = pool.map((feeds) => ({ feeds, isData }));
  if (!isData) return given;
  try {
    const synthetic = resolveInputs(signature, { ...request, dims, samples: null, poolSize: syntheticBesideData });
    return [...given, ...synthetic.pool.map((feeds) => ({ feeds, isData: false }))];
  } catch (error) {
    if (error instanceof UsageError) return given;
    throw error;
  }
}

function bytesOf(tensors: NamedTensors): number {
  return Object.values(tensors).reduce((sum, { type, dims }) => sum + byteLengthOf(type, elementCount(dims)), 0);
}
