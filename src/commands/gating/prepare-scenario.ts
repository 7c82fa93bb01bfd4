import type { BaselineConditions, GateBaseline } from '../../gate/gate-baseline.ts';
import type { GateScenarioResult } from '../../gate/gate-result.ts';
import type { PreparedScenario } from '../../gate/gate-run.ts';
import type { StoredBase } from '../../gate/stored-base.ts';
import { conditionsOf } from '../../gate/stored-base.ts';
import type { GateContext } from '../gate-request.ts';
import { lookAtModels } from './look-at-models.ts';
import type { OpenedScenario } from './open-scenarios.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbedScenario } from './probe-scenario.ts';
import { scoreQuality } from './score-quality.ts';
import { storedBaseOf } from './stored-base-of.ts';

export interface Preparation extends ProbeContext {
  readonly context: GateContext;
  readonly fingerprint: string;
  /** The stored baseline, where one was given and is there. */
  readonly baseline: GateBaseline | null;
}

export interface Prepared {
  readonly scenario: PreparedScenario;
  readonly conditions: BaselineConditions;
  readonly stored: StoredBase | null;
}

/** All of a scenario but its blocks: exact figures, outputs on the same inputs, quality, what is known of its base. */
export async function prepareScenario(
  opened: OpenedScenario,
  probed: ProbedScenario,
  preparation: Preparation,
): Promise<Prepared> {
  const { request, base, head } = opened;
  const { optimization, ...conditions } = conditionsUnder(opened, probed, preparation);
  const stored = storedBaseOf(opened, { ...preparation, conditions: { ...conditions, optimization } });
  const looked = await lookAtModels(opened, probed, preparation);
  const canScore = looked.failure === null && (looked.outputs?.problem ?? null) === null;
  const scored = canScore ? await scoreQuality(opened, preparation) : { quality: null, scores: null };
  const model = base.kind === 'model' ? base.gated.model : (stored?.model ?? null);
  return {
    stored,
    conditions: { ...conditions, optimization },
    scenario: {
      name: request.name,
      owner: request.owner,
      base: model === null ? null : { ...model },
      head: { ...head.model },
      ...basisOf(opened, stored, preparation.fingerprint),
      ...conditions,
      rules: request.rules.map((rule) => ({ ...rule, waiver: rule.waiver === null ? null : { ...rule.waiver } })),
      ...looked,
      ...scored,
      exact: { base: looked.exact.base ?? stored?.exact ?? null, head: looked.exact.head },
    },
  };
}

type Basis = Pick<GateScenarioResult, 'basis' | 'baseFingerprint' | 'history' | 'baseDiffers'>;

function basisOf({ base }: OpenedScenario, stored: StoredBase | null, fingerprint: string): Basis {
  const nothing = { history: null, baseDiffers: [] };
  if (base.kind === 'model') return { basis: 'same-job', baseFingerprint: fingerprint, ...nothing };
  if (stored === null) return { basis: 'none', baseFingerprint: null, ...nothing };
  return {
    basis: 'stored',
    baseFingerprint: stored.fingerprint,
    history: { ...stored.history },
    baseDiffers: [...stored.differs],
  };
}

function conditionsUnder(
  { request: scenario }: OpenedScenario,
  { base, head }: ProbedScenario,
  { usableCores, request }: Preparation,
): BaselineConditions {
  const probe = head ?? base;
  const inputs = probe?.state.probe.inputs;
  return conditionsOf(
    {
      ep: scenario.provider,
      batch: inputs?.batch ?? scenario.batch,
      threads: scenario.threads ?? usableCores,
      instances: scenario.instances,
      dims: { ...(inputs?.dims ?? scenario.dims) },
      inputs: probe?.options.inputs.description ?? 'synthetic',
    },
    request.optimization,
  );
}
