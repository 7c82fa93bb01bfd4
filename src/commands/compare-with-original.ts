import { batchOfRuns } from '../compute/batch-of-runs.ts';
import type { SampleAxes } from '../compute/batch-of-runs.ts';
import type { Tolerance } from '../compute/compare-outputs.ts';
import { verifyEquivalent } from '../compute/verify-equivalent.ts';
import type { Equivalence } from '../compute/verify-equivalent.ts';
import type { InputNote } from '../data/input-note.ts';
import { resolveInputs } from '../data/resolve-inputs.ts';
import { RuntimeError } from '../errors.ts';
import type { Finding } from '../errors.ts';
import { runnableModel, writeRunnable } from '../onnx/file/runnable-model.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { Verification } from '../optimize/optimize-result.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import type { InputsRequest } from './compared-inputs.ts';
import { inputRequestOf, withHint } from './compared-inputs.ts';
import { failureProblem } from './failure-problem.ts';

export interface CompareRequest extends InputsRequest {
  /** Where the rewritten model takes several samples and the original took one number of them; empty otherwise. */
  readonly sampleAxes: SampleAxes;
  readonly tolerance: Tolerance;
  readonly runner: ModelRunner;
}

export interface Compared {
  readonly verification: Verification;
  /** Every symbolic dimension of the original's inputs, as it was bound. */
  readonly dims: Readonly<Record<string, number>>;
  /** What was assumed of the inputs. */
  readonly warnings: readonly Finding[];
}

/**
 * Runs a rewritten model beside the file it came from; where its batch was made dynamic, on two samples at once too.
 * Throws RuntimeError 'verify-impossible' when the original itself does not run; UsageError and DataError for inputs.
 */
export async function compareWithOriginal(request: CompareRequest): Promise<Compared> {
  const { originalPath, rewritten, runner, tolerance, sampleAxes } = request;
  let bound: Pick<Compared, 'dims' | 'warnings'> = { dims: request.dims, warnings: [] };
  const inputs = (signature: ModelSignature) => {
    const inputRequest = inputRequestOf(signature, request);
    const { dims, notes } = withHint(() => resolveInputs(signature, { ...inputRequest, poolSize: 1 }));
    bound = { dims, warnings: notes.map((note) => warningOf(note, originalPath)) };
    return inputRequest;
  };
  const original = await runnableModel(originalPath, thisWorkplace());
  const written = await writeRunnable(rewritten, { workplace: thisWorkplace(), near: null });
  try {
    const equivalence = await verifyEquivalent({
      runner,
      original: { source: { path: original.path }, name: originalPath, model: null },
      rewritten: { source: { path: written.path }, name: 'the rewritten model', model: rewritten },
      tolerance,
      request: inputs,
      furtherRuns: (runs) => batchOfRuns(runs, sampleAxes),
    });
    return { verification: verificationOf(equivalence, request), ...bound };
  } finally {
    written.dispose();
    original.dispose();
  }
}

function warningOf({ code, details }: InputNote, model: string): Finding {
  return { code: code === 'dimension-guessed' ? 'dimension-assumed' : code, details: { model, ...details } };
}

function verificationOf(equivalence: Equivalence, { inputs, originalPath, sampleAxes }: CompareRequest): Verification {
  if (equivalence.status === 'skipped')
    throw new RuntimeError('verify-impossible', {
      model: originalPath,
      problem: failureProblem(equivalence.reason, originalPath),
    });
  const { failure, outputs } = equivalence;
  return {
    ...equivalence,
    data: inputs.dataPath,
    seed: inputs.seed,
    batched: sampleAxes.size > 0,
    tolerance: { ...equivalence.tolerance },
    outputs: outputs.map((output) => ({ ...output })),
    failure: failure && { code: failure.code, details: { ...failure.details } },
  };
}
