import type { BenchOptions, ModelFile } from '../../bench/bench-options.ts';
import type { ModelInputs } from '../../bench/case-inputs.ts';
import { checkNames, modelInputs } from '../../bench/case-inputs.ts';
import type { MeasuringPoint } from '../../bench/point-state.ts';
import { initialState } from '../../bench/point-state.ts';
import { probeKey, probeModel } from '../../bench/probe-model.ts';
import type { Finding } from '../../errors.ts';
import { InferError, ModelError, RuntimeError } from '../../errors.ts';
import type { GateBlock } from '../../gate/gate-result.ts';
import { locateOperator } from '../locate-operator.ts';
import type { OpenedScenario } from './open-scenarios.ts';
import type { ProbeContext } from './probe-context.ts';
import { scenarioBench } from './scenario-bench.ts';

export type Arm = GateBlock['arm'];

/** An arm that ran: what it is fed, and how it is measured. */
export interface ProbedArm {
  readonly model: ModelInputs;
  readonly state: MeasuringPoint;
  readonly options: BenchOptions;
}

export interface ProbedScenario {
  readonly base: ProbedArm | null;
  readonly head: ProbedArm | null;
  readonly failure: { readonly arm: Arm; readonly finding: Finding } | null;
}

/**
 * Loads and runs both models of a scenario once: what they are fed, how long they take, whether they run at all. Bad
 * inputs throw UsageError or DataError; where the base takes them and the head does not, that is the head's failure.
 */
export async function probeScenario(scenario: OpenedScenario, context: ProbeContext): Promise<ProbedScenario> {
  const base = scenario.base.kind === 'model' ? await probeArm(scenario, 'base', context) : null;
  if (base !== null && 'failure' in base) {
    if (!isModelsFault(base.error)) throw base.error;
    const head = await probeArm(scenario, 'head', context);
    if ('failure' in head) return { base: null, head: null, failure: { arm: 'head', finding: head.failure } };
    return { base: null, head, failure: { arm: 'base', finding: base.failure } };
  }
  const head = await probeArm(scenario, 'head', context);
  if (!('failure' in head)) return { base, head, failure: null };
  if (base === null && !isModelsFault(head.error)) throw head.error;
  return { base, head: null, failure: { arm: 'head', finding: head.failure } };
}

/** What the user asked for cannot be blamed on the model. */
function isModelsFault(error: unknown): boolean {
  return error instanceof ModelError || error instanceof RuntimeError || error === null;
}

type ArmFailure = { readonly failure: Finding; readonly error: unknown };

async function probeArm(scenario: OpenedScenario, arm: Arm, context: ProbeContext): Promise<ProbedArm | ArmFailure> {
  context.context.onEvent({ kind: 'probing', scenario: scenario.request.name, arm });
  try {
    return await probe(scenario, arm, context);
  } catch (thrown) {
    const error = locateOperator(thrown);
    if (context.context.signal.aborted || !(error instanceof InferError)) throw error;
    return { failure: { code: error.code, details: { ...error.details } }, error };
  }
}

async function probe(scenario: OpenedScenario, arm: Arm, context: ProbeContext): Promise<ProbedArm | ArmFailure> {
  const { request } = scenario;
  const file = fileOf(scenario, arm);
  const { signature, options } = await scenarioBench(request, file, context);
  const model = modelInputs(file, signature, options.inputs);
  // What the base knows and the head does not was built into the head.
  if (arm === 'base' || scenario.base.kind !== 'model') checkNames([model], options);
  const inputCase = { modelIndex: 0, dims: request.dims, batch: request.batch };
  const task = { modelIndex: 0, path: file.path, cases: [inputCase], providers: [request.provider] };
  const { probes } = await probeModel(model, task, options);
  const found = probes.get(probeKey(request.provider, inputCase));
  const { usableCores } = context;
  const threads = request.threads ?? usableCores;
  const point = { ...inputCase, ep: request.provider, threads, instances: request.instances };
  if (found === undefined || found.status !== 'ready')
    return { failure: found?.reason ?? { code: 'interrupted', details: {} }, error: null };
  const state = initialState(point, found, usableCores);
  return state.status === 'measuring' ? { model, state, options } : { failure: state.reason, error: null };
}

function fileOf({ base, head }: OpenedScenario, arm: Arm): ModelFile {
  return arm === 'base' && base.kind === 'model' ? base.gated.file : head.file;
}
