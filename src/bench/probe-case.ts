import { compareOutputs } from '../compute/compare-outputs.ts';
import type { OutputComparison, Tolerance } from '../compute/compare-outputs.ts';
import { RuntimeError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Session } from '../runtime/runtime.ts';
import type { BenchOptions } from './bench-options.ts';
import type { SkipReason } from './bench-warning.ts';
import { caseInputs } from './case-inputs.ts';
import type { CaseInputs, ModelInputs } from './case-inputs.ts';
import type { InputCase } from './sweep.ts';

/** A case that ran: what it was fed, what came out, and how long it took. */
export interface ProbedCase {
  readonly inputs: CaseInputs;
  readonly outputs: NamedTensors;
  readonly firstRunMs: number;
  readonly runMs: number;
  /** Null when the data holds no expected outputs. */
  readonly expected: OutputComparison | null;
}

/** Lengths tried, in this order, when a model refuses the one that was guessed for a sequence. */
const sequenceGuesses = [512, 256, 64, 1024, 32, 16, 8, 1] as const;

/**
 * Runs a case twice in an open session. Where the model refuses a length that was only guessed, other usual lengths
 * are tried. Throws UsageError or DataError for inputs that do not fit, RuntimeError when the run fails.
 */
export async function probeCase(
  session: Session,
  model: ModelInputs,
  request: InputCase & Pick<BenchOptions, 'inputs' | 'protocol'>,
): Promise<ProbedCase | { readonly skip: SkipReason }> {
  const resolved = caseInputs(model, request, request);
  if ('skip' in resolved) return resolved;
  try {
    return await runCase(session, resolved.inputs, request);
  } catch (error) {
    const guessed = guessedSequences(resolved.inputs);
    if (!(error instanceof RuntimeError) || error.code !== 'run-failed' || guessed.length === 0) throw error;
    for (const length of sequenceGuesses) {
      const dims = Object.fromEntries(guessed.map((dimension) => [dimension, length]));
      const found = await tryLength(session, model, { ...request, dims: { ...request.dims, ...dims } });
      if (found !== null) return withNotes(found, dims);
    }
    throw error;
  }
}

async function tryLength(
  session: Session,
  model: ModelInputs,
  request: InputCase & Pick<BenchOptions, 'inputs' | 'protocol'>,
): Promise<ProbedCase | null> {
  const resolved = caseInputs(model, request, request);
  if ('skip' in resolved) return null;
  try {
    return await runCase(session, resolved.inputs, request);
  } catch (error) {
    if (error instanceof RuntimeError && error.code === 'run-failed') return null;
    throw error;
  }
}

async function runCase(
  session: Session,
  inputs: CaseInputs,
  { protocol }: Pick<BenchOptions, 'protocol'>,
): Promise<ProbedCase> {
  const [feeds] = inputs.pool;
  if (feeds === undefined) throw new RangeError('the input pool is empty');
  const first = await session.run(feeds);
  const second = await session.run(feeds);
  return {
    inputs,
    outputs: first.outputs,
    firstRunMs: first.elapsedMs,
    runMs: second.elapsedMs,
    expected: await compareExpected(session, inputs, { first: first.outputs, ...protocol }),
  };
}

/** Runs every input of the pool whose outputs are known; the comparison that is furthest off speaks for all. */
async function compareExpected(
  session: Session,
  { pool, expected }: CaseInputs,
  { first, tolerance }: { readonly first: NamedTensors; readonly tolerance: Tolerance },
): Promise<OutputComparison | null> {
  const compared: OutputComparison[] = [];
  for (const [index, feeds] of pool.entries()) {
    const wanted = expected[index] ?? null;
    if (wanted === null) continue;
    const outputs = index === 0 ? first : (await session.run(feeds)).outputs;
    compared.push(compareOutputs(outputs, wanted, tolerance));
  }
  return compared.toSorted((a, b) => Number(a.matches) - Number(b.matches) || b.maxAbs - a.maxAbs)[0] ?? null;
}

/** Guessed dimensions that are lengths: not the batch of 1, not the empty past. */
function guessedSequences(inputs: CaseInputs): readonly string[] {
  return inputs.notes.flatMap((note) =>
    note.code === 'dimension-guessed' && note.details.value > 1 ? [note.details.dimension] : [],
  );
}

function withNotes(probed: ProbedCase, dims: Readonly<Record<string, number>>): ProbedCase {
  const guessed = Object.entries(dims).map(([dimension, value]) => ({
    code: 'dimension-guessed' as const,
    details: { dimension, value },
  }));
  return { ...probed, inputs: { ...probed.inputs, notes: [...probed.inputs.notes, ...guessed] } };
}
