import type { Finding } from '../../errors.ts';

/** A warning for each candidate that could not be built, loaded or run. */
export function candidateFailures(
  candidates: readonly { readonly name: string; readonly failure: Finding | null }[],
): readonly Finding[] {
  return candidates.flatMap(({ name, failure }) =>
    failure === null
      ? []
      : [{ code: 'candidate-failed', details: { candidate: name, problem: problemOf(failure.details) } }],
  );
}

function problemOf(details: object): string {
  const problem: unknown = Reflect.get(details, 'problem');
  return typeof problem === 'string' ? problem : 'it does not run';
}
