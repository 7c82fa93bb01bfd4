import type { BenchEvent } from '../bench/bench-event.ts';
import type { BenchOptions, InputSettings, ModelFile, ProtocolSettings } from '../bench/bench-options.ts';
import type { BenchFindings, BenchResult, LatencyLimit } from '../bench/bench-result.ts';
import { onNvidia } from '../bench/gpu-block.ts';
import { runBench } from '../bench/run-bench.ts';
import type { LoadSettings } from '../bench/load/load-settings.ts';
import type { SweepAxes } from '../bench/sweep.ts';
import { coreAxes } from './core-axes.ts';
import type { ListByCores } from './core-axes.ts';
import type { Sample } from '../data/sample.ts';
import { RuntimeError } from '../errors.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import { benchInputs } from './bench-inputs.ts';
import type { LanguageRequest } from './bench-language.ts';
import { languageSettings } from './bench-language.ts';
import type { Envelope } from './envelope.ts';
import { identifyModel } from './identify-model.ts';
import { locateOperator } from './locate-operator.ts';
import { withCauses } from './miscomputed.ts';
import { runnableModels } from './runnable-models.ts';

export interface BenchRequest {
  readonly models: readonly string[];
  readonly providers: readonly ProviderName[];
  /** Empty: as many as there are usable cores, or as many as fit. */
  readonly threads: readonly number[] | ListByCores;
  readonly instances: readonly number[] | ListByCores;
  /** Leaves points out whose threads, of all instances together, are more than the usable cores. */
  readonly fitCores?: boolean;
  readonly maxLatency?: LatencyLimit;
  /** What to find out of each point under load, after it was measured in a closed loop. */
  readonly load?: LoadSettings;
  /** Writes text with the models, or single runs where there is none. */
  readonly language?: LanguageRequest;
  /** Of cuda and tensorrt, as CUDA counts GPUs; the first unless given. */
  readonly device?: number;
  /** Path of the browser for the providers in one; found unless given. */
  readonly browser?: string;
  /** Holds each thread to a processor of its own. */
  readonly pin?: boolean;
  readonly dims: SweepAxes['dims'];
  readonly batches: readonly number[];
  readonly inputs: Omit<InputSettings, 'loadSamples' | 'description'>;
  readonly dataPath: string | null;
  /** Most samples to read from the data; null for as many as the inputs need. */
  readonly samples: number | null;
  /** Samples in memory, in the place of data. */
  readonly loaded?: readonly Sample[];
  readonly protocol: ProtocolSettings;
}

export interface BenchContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal?: AbortSignal;
  readonly onEvent: (event: BenchEvent) => void;
  /** A finished round, as a whole result. */
  readonly onCheckpoint: (result: () => BenchResult) => void;
}

/** Measures models on this machine. Throws InferError when nothing could be measured. */
export async function bench(request: BenchRequest, context: BenchContext): Promise<BenchResult> {
  const models: ModelFile[] = [];
  for (const path of request.models) models.push(await identifyModel(path));
  const environment = await context.runtime.environment();
  const complete = (findings: BenchFindings): BenchResult => ({
    ...context.envelope,
    kind: 'bench',
    environment,
    ...findings,
  });
  // Before the providers are tried: they leave a GPU warm.
  const gpu = await watchGpu(request, context.runtime);
  try {
    const findings = await measure(request, {
      ...context,
      usableCores: environment.cpu.usableCores,
      models,
      ...gpu,
      onFindings: (now) => context.onCheckpoint(() => complete(now())),
    });
    return complete({ ...findings, warnings: withCauses(findings.warnings) });
  } finally {
    await gpu.gpu?.monitor.stop();
  }
}

interface Measuring extends Pick<BenchContext, 'runtime' | 'signal' | 'onEvent'> {
  readonly usableCores: number;
  readonly models: readonly ModelFile[];
  readonly gpu?: NonNullable<BenchOptions['gpu']>;
  readonly onFindings: (findings: () => BenchFindings) => void;
}

async function measure(request: BenchRequest, { onFindings, ...context }: Measuring): Promise<BenchFindings> {
  const language = await languageSettings(request);
  const pinTo = request.pin === true ? { pinTo: await processorsToPin(context.runtime) } : {};
  const unusable = await probeProviders(request, context.runtime);
  // Nobody is to be watched then, and watching takes time of the processor.
  if (request.providers.every((ep) => !onNvidia(ep) || unusable.has(ep))) await context.gpu?.monitor.stop();
  const runnable = await runnableModels(request.models, context.runtime, thisWorkplace());
  const run = runBench({
    ...context,
    ...pinTo,
    ...(request.browser === undefined ? {} : { browser: request.browser }),
    ...(request.maxLatency !== undefined && { maxLatency: request.maxLatency }),
    ...(request.load !== undefined && { load: request.load }),
    ...(language !== undefined && { language }),
    runtime: runnable.runtime,
    axes: axesOf(request, context.usableCores),
    inputs: benchInputs(request),
    protocol: request.protocol,
    unusable,
    onEvent: (event) => {
      context.onEvent(event);
      if (event.kind === 'round' || event.kind === 'loaded') onFindings(event.findings);
    },
  });
  try {
    return await run;
  } catch (error) {
    throw locateOperator(error);
  } finally {
    runnable.dispose();
  }
}

/** The GPU that was asked for, watched from here on; none where no provider of the list has one. */
async function watchGpu({ providers, device = 0 }: BenchRequest, runtime: Runtime): Promise<Pick<BenchOptions, 'gpu'>> {
  return providers.some(onNvidia) ? { gpu: { device, monitor: await runtime.monitorGpu(device) } } : {};
}

async function processorsToPin(runtime: Runtime): Promise<readonly number[]> {
  const pinning = await runtime.pinning();
  if (pinning.possible) return pinning.processors;
  throw new RuntimeError('pin-impossible', { problem: pinning.problem });
}

/** Whether a limit was set that no point surely keeps. */
export function benchMissedLimit({ settings, best }: BenchResult): boolean {
  return settings.maxLatency !== undefined && (best.withinLimit ?? null) === null;
}

/** Whether a rate, or every rate of a search, missed the objective that was set. */
export function benchMissedObjective({ points }: BenchResult): boolean {
  return points.some(
    ({ loads = [], maxRate }) =>
      maxRate?.status === 'none' || loads.some(({ meetsObjective }) => meetsObjective === 'missed'),
  );
}

/** Whether too few requests, or a late generator, leave the objective open. */
export function benchLeavesObjectiveOpen({ points }: BenchResult): boolean {
  return points.some(
    ({ loads = [], maxRate }) =>
      maxRate?.status === 'undecided' ||
      (maxRate?.status === 'generator-limited' && maxRate.perSecond.value === null) ||
      loads.some(({ meetsObjective }) => meetsObjective === 'undecided'),
  );
}

/** A goal that the user set and the result missed: outputs that differ, under `--verify`. */
export function benchMissedGoal(result: BenchResult): boolean {
  return result.points.some(
    ({ status, ep, outputsMatchCpu, outputsMatchExpected, tokens }) =>
      outputsMatchCpu === false ||
      tokens?.matchesUncached === false ||
      tokens?.sample?.matchesUncached === false ||
      outputsMatchExpected === false ||
      // Nothing to compare with: the CPU did not run it.
      (status === 'ok' && ep !== 'cpu' && outputsMatchCpu === null),
  );
}

/**
 * Tries every provider that was asked for. One that cannot run is left out of a list of several, and an error when it
 * is alone or with `--strict-ep`.
 */
async function probeProviders(request: BenchRequest, runtime: Runtime): Promise<BenchOptions['unusable']> {
  const unusable = new Map<ProviderName, { reason: string; cure: string }>();
  for (const provider of request.providers.filter((name) => name !== 'cpu')) {
    const status = await runtime.probeProvider(
      provider,
      onNvidia(provider) ? request.device : undefined,
      request.browser,
    );
    if (status.usable) continue;
    const { reason, cure } = status;
    if (request.providers.length === 1 || request.protocol.strictProvider)
      throw new RuntimeError('provider-missing', { provider, reason, cure });
    unusable.set(provider, { reason, cure });
  }
  return unusable;
}

function axesOf(request: BenchRequest, usableCores: number): SweepAxes {
  const { models, providers, dims, batches } = request;
  return { models: models.length, providers, dims, batches, ...coreAxes(request, usableCores) };
}
