import type { BenchEvent } from '../bench/bench-event.ts';
import type { BenchOptions, InputSettings, ModelFile, ProtocolSettings } from '../bench/bench-options.ts';
import type { BenchFindings, BenchResult } from '../bench/bench-result.ts';
import { runBench } from '../bench/run-bench.ts';
import type { SweepAxes } from '../bench/sweep.ts';
import type { Sample } from '../data/sample.ts';
import { RuntimeError } from '../errors.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import { benchInputs } from './bench-inputs.ts';
import type { Envelope } from './envelope.ts';
import { identifyModel } from './identify-model.ts';
import { locateOperator } from './locate-operator.ts';
import { runnableModels } from './runnable-models.ts';

export interface BenchRequest {
  readonly models: readonly string[];
  readonly providers: readonly ProviderName[];
  /** Empty: as many as there are usable cores. */
  readonly threads: readonly number[];
  readonly instances: readonly number[];
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
  const unusable = await probeProviders(request, context.runtime);
  const complete = (findings: BenchFindings): BenchResult => ({
    ...context.envelope,
    kind: 'bench',
    environment,
    ...findings,
  });
  const { usableCores } = environment.cpu;
  const runnable = await runnableModels(request.models, context.runtime, thisWorkplace());
  const run = runBench({
    runtime: runnable.runtime,
    models,
    axes: axesOf(request, usableCores),
    inputs: benchInputs(request),
    protocol: request.protocol,
    usableCores,
    unusable,
    signal: context.signal,
    onEvent: (event) => {
      context.onEvent(event);
      if (event.kind === 'round') context.onCheckpoint(() => complete(event.findings()));
    },
  });
  try {
    return complete(await run);
  } catch (error) {
    throw locateOperator(error);
  } finally {
    runnable.dispose();
  }
}

/** A goal that the user set and the result missed: outputs that differ, under `--verify`. */
export function benchMissedGoal(result: BenchResult): boolean {
  return result.points.some(
    ({ status, ep, outputsMatchCpu, outputsMatchExpected }) =>
      outputsMatchCpu === false ||
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
    const status = await runtime.probeProvider(provider);
    if (status.usable) continue;
    const { reason, cure } = status;
    if (request.providers.length === 1 || request.protocol.strictProvider)
      throw new RuntimeError('provider-missing', { provider, reason, cure });
    unusable.set(provider, { reason, cure });
  }
  return unusable;
}

function axesOf(
  { models, providers, threads, instances, dims, batches }: BenchRequest,
  usableCores: number,
): SweepAxes {
  return {
    models: models.length,
    providers,
    threads: threads.length === 0 ? [usableCores] : threads,
    instances,
    dims,
    batches,
  };
}
