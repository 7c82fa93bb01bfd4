import type { BenchOptions, ModelFile, ProtocolSettings } from '../../bench/bench-options.ts';
import { sessionOptions } from '../../bench/session-options.ts';
import type { Sample } from '../../data/sample.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import { benchInputs } from '../bench-inputs.ts';
import type { GateRequest, GateScenarioRequest } from '../gate-request.ts';
import { measuredSamples } from './measured-samples.ts';
import type { ProbeContext } from './probe-context.ts';

/** Distinct inputs to cycle through. */
const poolSize = 4;

/** What a block is where the budget allows: half a second or 30 runs, whichever is longer, after a warm-up. */
export const wholeBlock = { minRuns: 30, minMs: 500, warmUpMs: 200 } as const;

export interface ScenarioBench {
  readonly signature: ModelSignature;
  readonly options: BenchOptions;
}

/**
 * A model of a scenario as `bench` measures it: opened once to learn its inputs, with the data that it is fed. Throws
 * UsageError, DataError, ModelError and RuntimeError.
 */
export async function scenarioBench(
  scenario: GateScenarioRequest,
  file: ModelFile,
  context: ProbeContext,
): Promise<ScenarioBench> {
  const signature = await readSignature(file, context);
  const { seed } = context.request;
  const loaded = await measuredSamples(scenario, { path: file.path, signature, seed, poolSize });
  return { signature, options: benchOptions(scenario, { file, loaded }, context) };
}

async function readSignature({ path }: ModelFile, context: ProbeContext): Promise<ModelSignature> {
  const { request, runtime, usableCores } = context;
  const how = sessionOptions({ protocol: request, usableCores }, { path, ep: 'cpu' });
  const session = await runtime.open(how, context.context.signal);
  await session.close();
  return session.signature;
}

interface Fed {
  readonly file: ModelFile;
  /** Null where no data were given. */
  readonly loaded: readonly Sample[] | null;
}

function benchOptions(scenario: GateScenarioRequest, { file, loaded }: Fed, context: ProbeContext): BenchOptions {
  const { request, runtime, usableCores } = context;
  const { shapes, values, batchDimension, dataPath, batch, instances, threads, provider } = scenario;
  const dims = Object.fromEntries(Object.entries(scenario.dims).map(([name, length]) => [name, [length]]));
  const batches = batch === null ? [] : [batch];
  const protocol = protocolOf(request);
  const inputs = { shapes, values, batchDimension, poolSize };
  const samples = loaded === null ? {} : { loaded };
  return {
    runtime,
    models: [file],
    axes: {
      models: 1,
      providers: [provider],
      threads: [threads ?? usableCores],
      instances: [instances],
      dims,
      batches,
    },
    inputs: benchInputs({ inputs, dataPath, samples: null, batches, dims, protocol, ...samples }),
    protocol,
    usableCores,
    unusable: new Map(),
    onEvent: () => undefined,
    signal: context.context.signal,
  };
}

function protocolOf(request: GateRequest): ProtocolSettings {
  const { seed, budgetMs, timeoutMs, optimization, strictProvider, tolerance, maxPairs: rounds } = request;
  const asked = { seed, budgetMs, timeoutMs, optimization, strictProvider, tolerance };
  return { ...asked, ...wholeBlock, precision: 0, rounds, maxRounds: rounds, budgetIsHard: true };
}
