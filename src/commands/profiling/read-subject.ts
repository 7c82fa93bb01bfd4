import type { BenchOptions, ModelFile, ProtocolSettings } from '../../bench/bench-options.ts';
import type { ModelInputs } from '../../bench/case-inputs.ts';
import { readModelInputs } from '../../bench/probe-model.ts';
import { defaultTolerance } from '../../compute/compare-outputs.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import { benchInputs } from '../bench-inputs.ts';
import { identifyModel } from '../identify-model.ts';
import type { ProfileContext, ProfileRequest, SubjectRequest } from '../profile.ts';
import { runnableModels } from '../runnable-models.ts';
import { wholeBlock } from './subject-blocks.ts';

/** Whatever is the same for what is profiled and what it is compared with. */
export interface SubjectMaking {
  readonly request: ProfileRequest;
  readonly context: ProfileContext;
  readonly environment: Environment;
}

/** A model on a provider whose inputs are known. */
export interface ReadSubject {
  readonly provider: ProviderName;
  readonly model: ModelFile;
  readonly inputs: ModelInputs;
  /** How it is measured without profiling. */
  readonly options: BenchOptions;
  /** Removes what was written for it. */
  dispose(): void;
}

/** Identifies a model and opens it once to learn its inputs. Throws UsageError, DataError, ModelError, RuntimeError. */
export async function readSubject(
  { modelPath, provider }: SubjectRequest,
  making: SubjectMaking,
): Promise<ReadSubject> {
  const { context } = making;
  const model = await identifyModel(modelPath);
  const runnable = await runnableModels([modelPath], context.runtime, thisWorkplace());
  try {
    const options = benchOptions({ model, provider }, making, runnable.runtime);
    context.onEvent({ kind: 'probing', model: modelPath, ep: provider });
    const inputs = await readModelInputs(model, options);
    return { provider, model, inputs, options, dispose: () => runnable.dispose() };
  } catch (error) {
    runnable.dispose();
    throw error;
  }
}

interface Benched {
  readonly model: ModelFile;
  readonly provider: ProviderName;
}

function benchOptions(
  { model, provider }: Benched,
  { request, context, environment }: SubjectMaking,
  runtime: BenchOptions['runtime'],
): BenchOptions {
  const { usableCores } = environment.cpu;
  const dims = Object.fromEntries(Object.entries(request.dims).map(([name, length]) => [name, [length]]));
  const batches = request.batch === null ? [] : [request.batch];
  const protocol = protocolOf(request);
  // One input: profiled and plain runs take the same.
  const inputs = { ...request.inputs, poolSize: 1 };
  return {
    runtime,
    models: [model],
    axes: {
      models: 1,
      providers: [provider],
      threads: [request.threads ?? usableCores],
      instances: [1],
      dims,
      batches,
    },
    inputs: benchInputs({ inputs, dataPath: request.dataPath, samples: null, batches, dims, protocol }),
    protocol,
    usableCores,
    unusable: new Map(),
    onEvent: () => undefined,
    signal: context.signal,
  };
}

function protocolOf(request: ProfileRequest): ProtocolSettings {
  const { seed, budgetMs, timeoutMs, optimization, strictProvider, rounds } = request;
  const asked = { seed, budgetMs, timeoutMs, optimization, strictProvider, tolerance: defaultTolerance };
  return { ...asked, ...wholeBlock, precision: 0, rounds, maxRounds: rounds, budgetIsHard: true };
}
