import type { InputSettings, ProtocolSettings } from '../bench/bench-options.ts';
import { compareProfiles, comparisonWarnings } from '../profile/compare-profiles.ts';
import type { OnProfileEvent } from '../profile/profile-event.ts';
import type { ProfileOptions } from '../profile/profile-options.ts';
import type { ProfileResult } from '../profile/profile-result.ts';
import { remediesOf } from '../profile/remedies/remedies-of.ts';
import type { ProfileFindings } from '../profile/run-profile.ts';
import { runProfile } from '../profile/run-profile.ts';
import type { RoofStore } from '../profile/roofs/roof-store.ts';
import type { Environment } from '../runtime/environment.ts';
import type { ProviderName } from '../runtime/provider.ts';
import { providerNames } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Envelope } from './envelope.ts';
import { locateOperator } from './locate-operator.ts';
import { checkNames } from '../bench/case-inputs.ts';
import type { ReadSubject } from './profiling/read-subject.ts';
import { readSubject } from './profiling/read-subject.ts';
import type { OpenedSubject } from './profiling/open-subject.ts';
import { openSubject } from './profiling/open-subject.ts';
import { measuredRoofs } from './profiling/measured-roofs.ts';
import { requireProvider } from './require-provider.ts';

/** A model on a provider. */
export interface SubjectRequest {
  readonly modelPath: string;
  readonly provider: ProviderName;
}

export interface ProfileRequest extends SubjectRequest {
  /** Profiled beside it, with the same inputs; null for nothing. */
  readonly compare: SubjectRequest | null;
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
  readonly dims: Readonly<Record<string, number>>;
  readonly batch: number | null;
  readonly inputs: Pick<InputSettings, 'shapes' | 'values' | 'batchDimension'>;
  readonly dataPath: string | null;
  /** Profiled runs of a block: 10 to 30. */
  readonly runs: number;
  readonly rounds: number;
  readonly budgetMs: number;
  readonly seed: number;
  readonly optimization: ProtocolSettings['optimization'];
  readonly strictProvider: boolean;
  readonly timeoutMs: number;
  readonly roofs: boolean;
}

export interface ProfileContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  /** Where measured roofs are kept; null for nowhere. */
  readonly roofStore: RoofStore | null;
  readonly signal: AbortSignal;
  readonly onEvent: OnProfileEvent;
}

/** Fewest rounds, for intervals; and events of a profile at most, which take some 650 bytes each. */
const minRounds = 3;
const mostEvents = 150_000;

/** Where the time of a model goes. Throws InferError when it cannot be run. */
export async function profile(request: ProfileRequest, context: ProfileContext): Promise<ProfileResult> {
  const { runtime } = context;
  const startedMs = runtime.nowMs();
  const environment = await runtime.environment();
  const asked = [request, ...(request.compare === null ? [] : [request.compare])];
  for (const { provider } of asked) await requireProvider(provider, runtime);
  const usable = await usableProviders(environment, runtime);
  const making = { request, context, environment };
  const [read, opened]: [ReadSubject[], OpenedSubject[]] = [[], []];
  try {
    for (const one of asked) read.push(await readSubject(one, making));
    checkInputs(read);
    for (const one of read) opened.push(await openSubject(one, making));
    const subjects = opened.map(({ plan }) => plan);
    const findings = await runProfile({ ...optionsOf(request, context, { environment, usable }), subjects });
    const warnings = distinct([...opened.flatMap(({ warnings: own }) => own), ...findings.warnings]);
    const elapsedMs = runtime.nowMs() - startedMs;
    const interrupted = context.signal.aborted;
    return resultOf(request, findings, { ...context.envelope, environment, warnings, interrupted, elapsedMs });
  } catch (error) {
    throw locateOperator(error);
  } finally {
    for (const { dispose } of [...opened, ...read]) dispose();
  }
}

/** Names that the user gave belong to one of the models; each takes what it knows. */
function checkInputs(read: readonly ReadSubject[]): void {
  const models = read.map(({ inputs }) => inputs);
  for (const { options } of read.slice(0, 1)) checkNames(models, options);
}

interface Machine {
  readonly environment: Environment;
  /** Providers that run here. */
  readonly usable: readonly ProviderName[];
}

function optionsOf(
  request: ProfileRequest,
  context: ProfileContext,
  { environment, usable }: Machine,
): Omit<ProfileOptions, 'subjects'> {
  const { rounds, budgetMs, runs } = request;
  return {
    nowMs: () => context.runtime.nowMs(),
    rounds,
    minRounds: Math.min(minRounds, rounds),
    budgetMs,
    runs,
    mostEvents,
    roofsFor: request.roofs ? measuredRoofs(request, context, environment) : null,
    advise: (subject) => {
      const others = usable.filter((name) => name !== subject.ep);
      return remediesOf(subject, circumstances(request, environment, others));
    },
    onEvent: context.onEvent,
    signal: context.signal,
  };
}

function circumstances({ optimization }: ProfileRequest, { cpu }: Environment, otherProviders: readonly string[]) {
  return { usableCores: cpu.usableCores, instructionSets: cpu.instructionSets, otherProviders, optimization };
}

/** What else the model could run on here. */
async function usableProviders({ providers }: Environment, runtime: Runtime): Promise<readonly ProviderName[]> {
  const usable: ProviderName[] = [];
  for (const name of providerNames) {
    if (!providers.includes(name)) continue;
    if (name === 'cpu' || (await runtime.probeProvider(name)).usable) usable.push(name);
  }
  return usable;
}

type Rest = Envelope & Pick<ProfileResult, 'environment' | 'warnings' | 'interrupted' | 'elapsedMs'>;

function resultOf(request: ProfileRequest, findings: ProfileFindings, rest: Rest): ProfileResult {
  const { seed, optimization, budgetMs, dataPath } = request;
  const { first, other, ratio } = findings;
  const compared =
    other === null || ratio === null ? null : { subject: other, ratio, ...compareProfiles(first, other) };
  return {
    ...rest,
    warnings: [...rest.warnings, ...(compared === null ? [] : comparisonWarnings(first, compared.subject, compared))],
    kind: 'profile',
    ...first,
    compared,
    settings: { seed, optimization, budgetMs, inputs: dataPath ?? 'synthetic' },
    rounds: findings.rounds,
  };
}

function distinct(warnings: ProfileResult['warnings']): ProfileResult['warnings'] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
