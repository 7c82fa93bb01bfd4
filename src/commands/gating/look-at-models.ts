import type { Finding } from '../../errors.ts';
import { InferError } from '../../errors.ts';
import type { GateScenarioResult } from '../../gate/gate-result.ts';
import type { GateMetric } from '../../gate/gate-vocabulary.ts';
import { compareArms, nothingCompared, unlikeInputs } from './compare-arms.ts';
import type { ToldFigures } from './exact-figures.ts';
import { exactFigures } from './exact-figures.ts';
import type { LookedAtArm } from './look-at-arm.ts';
import { lookAtArm } from './look-at-arm.ts';
import type { GatedFile, OpenedScenario } from './open-scenarios.ts';
import type { ProbeContext } from './probe-context.ts';
import type { Arm, ProbedArm, ProbedScenario } from './probe-scenario.ts';

export type LookedAt = Pick<GateScenarioResult, 'exact' | 'untold' | 'outputs' | 'failure' | 'failedArm'>;

/** Exact figures of both models, and their outputs on the same inputs. A model that does not run is a failure, told. */
export async function lookAtModels(
  scenario: OpenedScenario,
  probed: ProbedScenario,
  context: ProbeContext,
): Promise<LookedAt> {
  const { base: baseProbe, head: headProbe } = probed;
  const wants = (metric: GateMetric) => scenario.request.rules.some((rule) => rule.metric === metric);
  const unlike = baseProbe && headProbe && unlikeInputs(baseProbe.model.signature, headProbe.model.signature);
  const isCompared =
    baseProbe !== null && headProbe !== null && unlike === null && (wants('outputs') || wants('quality'));
  const feeds = isCompared ? baseProbe.state.probe.inputs.pool : [];
  const look = (arm: Arm, gated: GatedFile, probe: ProbedArm | null) =>
    tryArm({ arm, gated, probe, feeds, wantsArena: wants('arena-peak') }, scenario, context);
  const base = scenario.base.kind === 'model' ? await look('base', scenario.base.gated, baseProbe) : null;
  const head = await look('head', scenario.head, headProbe);
  const failure = probed.failure ?? failureOf('head', head) ?? failureOf('base', base);
  return {
    exact: { base: base?.told.figures ?? null, head: head.told.figures },
    untold: [...head.told.untold, ...(base?.told.untold ?? [])],
    outputs: unlike === null ? outputsOf(base, head, { isCompared, context }) : nothingCompared(unlike),
    failure: failure && { code: failure.finding.code, details: { ...failure.finding.details } },
    failedArm: failure?.arm ?? null,
  };
}

interface TriedArm {
  readonly told: ToldFigures;
  readonly ran: LookedAtArm['ran'] | null;
  readonly failure: Finding | null;
}

type Question = Omit<Parameters<typeof lookAtArm>[0], 'probe'> & { readonly probe: ProbedArm | null };

async function tryArm(question: Question, scenario: OpenedScenario, context: ProbeContext): Promise<TriedArm> {
  const { probe, arm } = question;
  context.context.onEvent({ kind: 'inspecting', scenario: scenario.request.name, arm });
  if (probe === null) return { told: await exactFigures(question, null), ran: null, failure: null };
  try {
    return { ...(await lookAtArm({ ...question, probe }, context)), failure: null };
  } catch (error) {
    if (context.context.signal.aborted || !(error instanceof InferError)) throw error;
    return { told: await exactFigures(question, null), ran: null, failure: error.finding };
  }
}

function failureOf(arm: Arm, tried: TriedArm | null): ProbedScenario['failure'] {
  return tried === null || tried.failure === null ? null : { arm, finding: tried.failure };
}

function outputsOf(
  base: TriedArm | null,
  head: TriedArm,
  { isCompared, context }: { readonly isCompared: boolean; readonly context: ProbeContext },
): LookedAt['outputs'] {
  if (!isCompared || base === null || base.ran === null || head.ran === null) return null;
  return compareArms(base.ran, head.ran, context.request.tolerance);
}
