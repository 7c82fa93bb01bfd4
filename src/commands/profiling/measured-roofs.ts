import type { SubjectPlan } from '../../profile/profile-options.ts';
import type { Roofs } from '../../profile/profile-result.ts';
import type { Precision } from '../../profile/roofs/precision.ts';
import { roofsFor } from '../../profile/roofs/roofs-for.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import { providerNames } from '../../runtime/provider.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import type { ProfileContext, ProfileRequest } from '../profile.ts';

/** The roofs of this machine, measured or kept. */
export function measuredRoofs(
  { timeoutMs }: Pick<ProfileRequest, 'timeoutMs'>,
  { runtime, roofStore, envelope, signal }: ProfileContext,
  environment: Environment,
) {
  return ({ facts }: SubjectPlan, precisions: readonly Precision[]): Promise<Roofs> =>
    roofsFor({
      runtime,
      environment,
      provider: providerNamed(facts.ep),
      threads: facts.threads,
      precisions,
      workplace: thisWorkplace(),
      store: roofStore,
      at: envelope.createdAt,
      timeoutMs,
      signal,
    });
}

function providerNamed(ep: string): ProviderName {
  return providerNames.find((name) => name === ep) ?? 'cpu';
}
