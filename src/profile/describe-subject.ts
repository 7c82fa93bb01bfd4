import { placedNodesOf } from '../compute/owners/mark-nodes.ts';
import { logInterval } from '../stats/log-interval.ts';
import { median } from '../stats/quantile.ts';
import { attribute } from './attribute.ts';
import type { Latency } from './describe-kernels.ts';
import { describeKernels, shareOf, timeOf, underRoofs } from './describe-kernels.ts';
import { describeNodes } from './describe-nodes.ts';
import type { KernelTimes } from './kernel-times.ts';
import { coverageOf, kernelTimes, writingShareOf } from './kernel-times.ts';
import type { SubjectPlan } from './profile-options.ts';
import type { ProfiledKernel, ProfileSubject, Roofs } from './profile-result.ts';
import type { MeasuredRound } from './take-rounds.ts';

/** What a subject's rounds say, before anything is compared with roofs. */
export interface SubjectDraft {
  readonly subject: Omit<ProfileSubject, 'remedies'>;
  /** The same once roofs are known. */
  under(roofs: Roofs): Omit<ProfileSubject, 'remedies'>;
}

/** Makes figures of blocks, never of pooled runs. At least one round. */
export function describeSubject(plan: SubjectPlan, rounds: readonly MeasuredRound[]): SubjectDraft {
  const roundsMs = rounds.map(({ plainMs }) => plainMs);
  const latency: Latency = { roundsMs, estimate: logInterval(roundsMs) };
  const times = kernelTimes(rounds);
  const attribution = attribute(plan.file, times);
  const costs = placedNodesOf(plan.file.original).map((node) => plan.file.costOf(node));
  const kernels = describeKernels(times, { attribution, latency, costs });
  const runsMs = rounds.flatMap(({ profile }) => profile.runsUs.map((us) => us / 1000));
  const withKernels = (own: readonly ProfiledKernel[], roofs: Roofs | null) => ({
    ...plan.facts,
    latencyMs: latency.estimate,
    profiledMs: runsMs.length === 0 ? 0 : median(runsMs),
    profiledRuns: runsMs.length,
    coverage: median(rounds.map(coverageOf)),
    writingShare: median(rounds.map(writingShareOf)),
    roofs,
    operators: operatorsOf(times, latency),
    kernels: [...own],
    nodes: [...describeNodes({ attribution, kernels: own, costs })],
    arenaPeakBytes: largest(times.map(({ kernel }) => kernel.peakBytes)),
    typicalRun: typicalRunOf(times, rounds),
  });
  return {
    subject: withKernels(kernels, null),
    under: (roofs) => withKernels(underRoofs(kernels, roofs), roofs),
  };
}

function operatorsOf(times: readonly KernelTimes[], latency: Latency): ProfileSubject['operators'] {
  const operators = new Map<string, KernelTimes[]>();
  for (const one of times) operators.set(one.kernel.op, [...(operators.get(one.kernel.op) ?? []), one]);
  const rows = [...operators].map(([op, own]) => {
    const shares = latency.roundsMs.map((_, round) => own.reduce((sum, { shares }) => sum + (shares[round] ?? 0), 0));
    return { op, count: own.length, share: shareOf(shares), timeMs: timeOf(shares, latency) };
  });
  return rows.toSorted((a, b) => b.share.value - a.share.value);
}

/** A run with more executions is left out of the result: nobody looks at so many, and the file would be all trace. */
const mostTracedEvents = 20_000;

/** The typical run of the first profile, whose kernels the others are lined up with. */
function typicalRunOf(times: readonly KernelTimes[], [first]: readonly MeasuredRound[]): ProfileSubject['typicalRun'] {
  const profile = first?.profile;
  if (profile === undefined || profile.typical === null || profile.typical.events.length > mostTracedEvents)
    return null;
  const places = new Map(times.map(({ kernel }, at) => [kernel, at]));
  const events = profile.typical.events.flatMap(({ kernel, startUs, durationUs }) => {
    const told = profile.kernels[kernel];
    const place = told === undefined ? undefined : places.get(told);
    return place === undefined ? [] : [{ kernel: place, startMs: startUs / 1000, durationMs: durationUs / 1000 }];
  });
  return { durationMs: profile.typical.durationUs / 1000, events };
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null ? most : Math.max(most ?? 0, value)), null);
}
