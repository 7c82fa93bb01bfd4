import type { BlockPlan } from '../../bench/block-budget.ts';
import type { GateRunOptions } from '../../gate/gate-run.ts';
import { expectedTests } from '../../gate/gate-tests.ts';
import { pairsNeeded } from '../../gate/judge/pairs-needed.ts';
import type { Environment } from '../../runtime/environment.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import type { GateContext, GateRequest } from '../gate-request.ts';
import { requireProvider } from '../require-provider.ts';
import { runnableModels } from '../runnable-models.ts';
import { BaselineStore } from './baseline-store.ts';
import type { ArmCost } from './bench-arms.ts';
import { costsOf, expectedRoundMs, planBlockLength } from './bench-arms.ts';
import type { OpenedScenario } from './open-scenarios.ts';
import { openScenarios } from './open-scenarios.ts';
import type { Prepared } from './prepare-scenario.ts';
import { prepareScenario } from './prepare-scenario.ts';
import type { ProbedScenario } from './probe-scenario.ts';
import { probeScenario } from './probe-scenario.ts';

/** Models opened, run once and looked at: ready to be measured. */
export interface GateSession {
  readonly environment: Environment;
  readonly opened: readonly OpenedScenario[];
  readonly probed: ReadonlyMap<string, ProbedScenario>;
  readonly prepared: readonly Prepared[];
  readonly store: BaselineStore | null;
}

/** Opens all that a gate needs, and closes it after use. Throws UsageError, ModelError, DataError and RuntimeError. */
export async function withGateSession<T>(
  request: GateRequest,
  context: GateContext,
  use: (session: GateSession) => Promise<T>,
): Promise<T> {
  const environment = await context.runtime.environment();
  for (const provider of new Set(request.scenarios.map((scenario) => scenario.provider)))
    await requireProvider(provider, context.runtime);
  const store = request.baseline && new BaselineStore(request.baseline.path, environment.fingerprint);
  const baseline = store?.read() ?? null;
  const models = await openScenarios(request, context);
  try {
    const runnable = await runnableModels(pathsOf(models.scenarios), context.runtime, thisWorkplace());
    try {
      const { usableCores } = environment.cpu;
      const { runtime } = runnable;
      const preparation = { request, context, runtime, usableCores, fingerprint: environment.fingerprint, baseline };
      const probed = new Map<string, ProbedScenario>();
      const prepared: Prepared[] = [];
      for (const scenario of models.scenarios) {
        const probe = await probeScenario(scenario, preparation);
        probed.set(scenario.request.name, probe);
        prepared.push(await prepareScenario(scenario, probe, preparation));
      }
      return await use({ environment, opened: models.scenarios, probed, prepared, store });
    } finally {
      runnable.dispose();
    }
  } finally {
    models.dispose();
  }
}

function pathsOf(scenarios: readonly OpenedScenario[]): readonly string[] {
  const paths = scenarios.flatMap(({ base, head }) => [
    head.file.path,
    ...(base.kind === 'model' ? [base.gated.file.path] : []),
  ]);
  return [...new Set(paths)];
}

/** Pairs that a plan makes blocks short for: enough for several looks. */
const wantedPairs = 20;

export interface BlockPlanning {
  readonly plan: BlockPlan;
  readonly costs: readonly ArmCost[];
  readonly roundMs: number;
}

/** How long blocks are. */
export function planBlocksOf({ probed, prepared }: GateSession, request: GateRequest): BlockPlanning {
  const costs = costsOf(probed);
  const cells = expectedTests(prepared.map(({ scenario }) => scenario));
  const least = pairsNeeded({ cells, alpha: request.alpha, looks: 1 });
  const pairs = Math.min(request.maxPairs, Math.max(wantedPairs, 2 * least));
  const plan = planBlockLength(costs, { budgetMs: request.budgetMs, pairs });
  return { plan, costs, roundMs: expectedRoundMs(plan, costs) };
}

/** What a run is made of, whoever wants its blocks. */
export function runSettings(
  request: GateRequest,
  { environment }: Pick<GateSession, 'environment'>,
): GateRunOptions['settings'] {
  const { alpha, confirm, today, seed, budgetMs, maxPairs } = request;
  return { alpha, confirm, today, seed, budgetMs, maxPairs, fingerprint: environment.fingerprint };
}
