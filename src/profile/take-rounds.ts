import type { RunProfile } from '../runtime/run-profile.ts';
import type { ProfileOptions, SubjectPlan } from './profile-options.ts';

/** A block without profiling and one with, right after or before it. */
export interface MeasuredRound {
  readonly plainMs: number;
  readonly profile: RunProfile;
}

/**
 * Takes rounds of blocks, by subject: one without profiling and one with, of every subject, in an order that the next
 * round reverses, so that a machine that slows down slows all alike. Ends with the budget, not before the fewest rounds,
 * or when it is told to; a round that was not finished is left out.
 */
export async function takeRounds(options: ProfileOptions): Promise<readonly (readonly MeasuredRound[])[]> {
  const { subjects, rounds, minRounds, budgetMs, nowMs, signal } = options;
  const taken = subjects.map((): MeasuredRound[] => []);
  const startedMs = nowMs();
  for (let round = 0; round < rounds; round++) {
    const elapsedMs = nowMs() - startedMs;
    if (round >= minRounds && elapsedMs + elapsedMs / round > budgetMs) break;
    const measured = await takeRound(options, round, taken);
    if (measured === null) break;
    for (const [at, one] of measured.entries()) taken[at]?.push(one);
  }
  if (taken[0]?.length === 0) signal?.throwIfAborted();
  return taken;
}

async function takeRound(
  options: ProfileOptions,
  round: number,
  taken: readonly (readonly MeasuredRound[])[],
): Promise<readonly MeasuredRound[] | null> {
  const { subjects, runs, mostEvents, signal } = options;
  const [plainMs, profiles] = [new Map<SubjectPlan, number>(), new Map<SubjectPlan, RunProfile>()];
  for (const { plan, subject, profiled } of blocksOf(subjects, round)) {
    options.onEvent({ kind: 'block', subject, profiled, round, rounds: options.rounds });
    const eventsPerRun = taken[subject]?.[0]?.profile.eventsPerRun ?? null;
    try {
      signal?.throwIfAborted();
      if (profiled) profiles.set(plan, await plan.blocks.profiled({ runs, mostEvents, eventsPerRun }));
      else plainMs.set(plan, await plan.blocks.plain(round));
    } catch (error) {
      if (signal?.aborted === true && round > 0) return null;
      throw error;
    }
  }
  return subjects.flatMap((plan) => {
    const [plain, profile] = [plainMs.get(plan), profiles.get(plan)];
    return plain === undefined || profile === undefined ? [] : [{ plainMs: plain, profile }];
  });
}

function blocksOf(subjects: readonly SubjectPlan[], round: number) {
  const blocks = [false, true].flatMap((profiled) => subjects.map((plan, subject) => ({ plan, subject, profiled })));
  return round % 2 === 0 ? blocks : blocks.toReversed();
}
