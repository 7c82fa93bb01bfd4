import type { ProfileOptions, SubjectPlan } from './profile-options.ts';
import type { ProfiledKernel, ProfileSubject } from './profile-result.ts';
import type { ProfileWarning } from './profile-warning.ts';
import type { MeasuredRound } from './take-rounds.ts';

interface Told {
  readonly plan: SubjectPlan;
  readonly subject: Omit<ProfileSubject, 'remedies'>;
  readonly rounds: readonly MeasuredRound[];
  readonly options: ProfileOptions;
  /** Why there are no roofs, though they were wanted. */
  readonly roofsProblem: string | null;
}

/** Of a profiled run, together with the profile's own writing. */
const leastCoverage = 0.9;
/** Of the time; less is not worth a word. */
const leastShare = 0.01;

/** What to know before believing a profile, the gravest first. */
export function collectWarnings({ plan, subject, rounds, options, roofsProblem }: Told): readonly ProfileWarning[] {
  const { kernels, coverage, writingShare } = subject;
  const { ep } = plan.facts;
  if (kernels.length === 0) return [{ code: 'no-kernels', details: { ep } }];
  const strangers = kernels.filter(({ fileNodes, added }) => fileNodes.length === 0 && added === null);
  const share = shareOf(strangers);
  return [
    ...(plan.file.optimized === null
      ? [{ code: 'graph-unreadable' as const, details: { model: subject.model.path } }]
      : []),
    ...fallbacks(plan, kernels),
    ...cutOff(rounds, options),
    ...(rounds.length < options.minRounds
      ? [{ code: 'few-rounds' as const, details: { rounds: rounds.length, wanted: options.minRounds } }]
      : []),
    ...(coverage + writingShare < leastCoverage
      ? [{ code: 'low-coverage' as const, details: { coverage, writingShare } }]
      : []),
    ...(share >= leastShare
      ? [{ code: 'kernels-unattributed' as const, details: { kernels: strangers.length, share } }]
      : []),
    ...(roofsProblem === null ? [] : [{ code: 'no-roofs' as const, details: { problem: roofsProblem } }]),
  ];
}

function fallbacks({ facts, provider }: SubjectPlan, kernels: readonly ProfiledKernel[]): readonly ProfileWarning[] {
  const fallen = kernels.filter((kernel) => kernel.provider !== provider && kernel.added !== 'copy');
  const providers = [...new Set(fallen.map((kernel) => kernel.provider))];
  return providers.map((other) => {
    const own = fallen.filter((kernel) => kernel.provider === other);
    return {
      code: 'fell-back',
      details: { ep: facts.ep, provider: other, kernels: own.length, share: shareOf(own) },
    };
  });
}

function cutOff(rounds: readonly MeasuredRound[], { runs: wanted }: ProfileOptions): readonly ProfileWarning[] {
  const cut = rounds.find(({ profile }) => profile.isCutOff)?.profile;
  if (cut === undefined) return [];
  const details = { runs: cut.runsUs.length, wanted, eventsPerRun: cut.eventsPerRun };
  return [{ code: 'profile-cut-off', details }];
}

function shareOf(kernels: readonly ProfiledKernel[]): number {
  return kernels.reduce((sum, { share }) => sum + share.value, 0);
}
