import { InferError } from '../errors.ts';
import type { Interval } from '../stats/interval.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { collectWarnings } from './collect-warnings.ts';
import { describeSubject } from './describe-subject.ts';
import type { SubjectDraft } from './describe-subject.ts';
import type { ProfileOptions, SubjectPlan } from './profile-options.ts';
import type { ProfileSubject } from './profile-result.ts';
import type { ProfileWarning } from './profile-warning.ts';
import { precisionOf } from './roofs/precision.ts';
import type { MeasuredRound } from './take-rounds.ts';
import { takeRounds } from './take-rounds.ts';

export interface ProfileFindings {
  readonly first: ProfileSubject;
  /** What it is compared with; null where there is nothing. */
  readonly other: ProfileSubject | null;
  /** Latency of the first over that of the other, from blocks of the same rounds; null without another. */
  readonly ratio: Interval | null;
  readonly rounds: number;
  readonly warnings: readonly ProfileWarning[];
}

/**
 * Measures where the time of one or two subjects goes: rounds of blocks, plain and profiled; kernels tied to the nodes
 * of the file; roofs and what holds each kernel back; what would help. Throws what loading and running throw; an
 * interrupted run tells of the rounds that were finished.
 */
export async function runProfile(options: ProfileOptions): Promise<ProfileFindings> {
  const rounds = await takeRounds(options);
  const told: { subject: ProfileSubject; warnings: readonly ProfileWarning[] }[] = [];
  for (const [at, plan] of options.subjects.entries()) told.push(await tellSubject(plan, rounds[at] ?? [], options));
  const [first, other = null] = told;
  if (first === undefined) throw new RangeError('nothing is to be profiled');
  return {
    first: first.subject,
    other: other?.subject ?? null,
    ratio: other === null ? null : ratioOf(rounds),
    rounds: rounds[0]?.length ?? 0,
    warnings: told.flatMap(({ warnings }) => warnings),
  };
}

async function tellSubject(plan: SubjectPlan, rounds: readonly MeasuredRound[], options: ProfileOptions) {
  const draft = describeSubject(plan, rounds);
  const { subject, problem } = await withRoofs(draft, plan, options);
  const warnings = collectWarnings({ plan, subject, rounds, options, roofsProblem: problem });
  return { subject: { ...subject, remedies: options.advise(subject) }, warnings };
}

/** A machine that cannot run the product of two matrices has kernels without bounds, not a failed profile. */
async function withRoofs({ subject, under }: SubjectDraft, plan: SubjectPlan, options: ProfileOptions) {
  if (options.roofsFor === null || isAborted(options)) return { subject, problem: null };
  options.onEvent({ kind: 'roofs', ep: plan.facts.ep, threads: plan.facts.threads });
  try {
    const precisions = [...new Set(subject.kernels.map(precisionOf))];
    return { subject: under(await options.roofsFor(plan, precisions)), problem: null };
  } catch (error) {
    if (isAborted(options)) return { subject, problem: null };
    if (!(error instanceof InferError)) throw error;
    return { subject, problem: error.code };
  }
}

function isAborted({ signal }: ProfileOptions): boolean {
  return signal?.aborted === true;
}

function ratioOf([first = [], other = []]: readonly (readonly MeasuredRound[])[]): Interval {
  return pairedRatio(other.map(({ plainMs }, round) => ({ base: plainMs, head: first[round]?.plainMs ?? plainMs })));
}
