import { calibrationCells } from '../gate/calibrate.ts';
import type { CalibrationCell, GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import type { GateScenarioResult } from '../gate/gate-result.ts';
import type { GateRunResult } from '../gate/gate-run.ts';
import { expectedTests } from '../gate/gate-tests.ts';
import { gateWarnings, plainWarnings } from '../gate/gate-warnings.ts';
import { pairsNeeded } from '../gate/judge/pairs-needed.ts';
import { RecordedBlocks } from '../gate/recorded-blocks.ts';
import { runGate } from '../gate/run-gate.ts';
import type { GateContext, GateRequest } from './gate-request.ts';
import { BenchArms } from './gating/bench-arms.ts';
import type { BlockPlanning, GateSession } from './gating/gate-session.ts';
import { planBlocksOf, runSettings, withGateSession } from './gating/gate-session.ts';
import { preparationWarnings } from './gating/preparation-warnings.ts';

/**
 * Measures the base against itself for the budget: how far figures vary here, which tolerance a gate of this budget can
 * tell, and what it would take for the configured ones. Throws as `gate`.
 */
export function calibrateGate(request: GateRequest, context: GateContext): Promise<GateCalibrationResult> {
  const startMs = context.runtime.nowMs();
  return withGateSession({ ...request, mode: 'calibrate' }, context, async (session) => {
    const blocks = planBlocksOf(session, request);
    const startedMs = context.runtime.nowMs();
    const run = await runGate({
      scenarios: session.prepared.map(({ scenario }) => scenario),
      // Nothing to confirm: what fails here is a false alarm.
      settings: { ...runSettings(request, session), confirm: false },
      arms: new BenchArms(session.probed, blocks.plan, blocks.costs),
      blockLength: { runs: blocks.plan.runs, minMs: blocks.plan.minMs },
      roundMs: blocks.roundMs,
      stopsEarly: false,
      recorded: { blocks: new RecordedBlocks([], () => []), plan: null },
      onBlock: () => undefined,
      onPlan: () => undefined,
      onEvent: context.onEvent,
      nowMs: () => context.runtime.nowMs(),
      signal: context.signal,
    });
    const nowMs = context.runtime.nowMs();
    return resultOf({
      request,
      context,
      session,
      run,
      blocks,
      measuredMs: nowMs - startedMs,
      elapsedMs: nowMs - startMs,
    });
  });
}

interface Finished {
  readonly request: GateRequest;
  readonly context: GateContext;
  readonly session: GateSession;
  readonly run: GateRunResult;
  readonly blocks: BlockPlanning;
  readonly measuredMs: number;
  readonly elapsedMs: number;
}

function resultOf(finished: Finished): GateCalibrationResult {
  const { request, context, session, run, elapsedMs } = finished;
  const { alpha, seed, budgetMs, maxPairs, optimization, today } = request;
  const { environment } = session;
  const tests = expectedTests(session.prepared.map(({ scenario }) => scenario));
  const pairs = Math.max(0, ...run.scenarios.map(({ plan }) => plan?.pairs ?? 0));
  const cells = calibrationCells(run.scenarios, { alpha, tests, pairs, roundMs: roundMsOf(finished) });
  const facts = {
    scenarios: run.scenarios,
    cells: [],
    today,
    fingerprint: environment.fingerprint,
    tooShort: run.tooShort,
  };
  const warnings = [...gateWarnings(facts), ...preparationWarnings(session)];
  return {
    ...context.envelope,
    kind: 'gate-calibration',
    environment,
    // That both are the same is the point; waivers and the like are nobody's here.
    warnings: plainWarnings(warnings.filter(({ code }) => code !== 'same-model' && code !== 'waiver-expired')),
    settings: { alpha, seed, budgetMs, maxPairs, optimization },
    scenarios: run.scenarios.map((scenario) => calibratedScenario(scenario)),
    cells: [...cells],
    suggested: { pairs, neededPairs: pairsNeeded({ cells: tests, alpha, looks: 1 }), budgetMs: neededBudget(cells) },
    verdict: cells.every(({ resolvable }) => resolvable) ? 'pass' : 'fail',
    elapsedMs,
    interrupted: run.interrupted,
  };
}

/** One pair of every scenario, as it was. */
function roundMsOf({ run, measuredMs, blocks }: Finished): number {
  const taken = Math.max(
    0,
    ...run.scenarios.map((scenario) => scenario.blocks.filter(({ arm }) => arm === 'head').length),
  );
  return taken === 0 ? blocks.roundMs : measuredMs / taken;
}

/** In which every configured tolerance can be told. */
function neededBudget(cells: readonly CalibrationCell[]): number | null {
  const configured = cells.filter(({ tolerance }) => tolerance !== null);
  const needed = configured.map(({ neededBudgetMs }) => neededBudgetMs).filter((ms) => ms !== null);
  return needed.length < configured.length || needed.length === 0 ? null : Math.max(...needed);
}

function calibratedScenario(scenario: GateScenarioResult): GateCalibrationResult['scenarios'][number] {
  const { name, head, ep, batch, threads, instances, dims, inputs, blocks, failure, plan } = scenario;
  const { pairs = 0, runs = 0, minMs = 0 } = plan ?? {};
  return {
    name,
    model: head,
    ep,
    batch,
    threads,
    instances,
    dims,
    inputs,
    plan: { pairs, runs, minMs },
    blocks,
    failure,
  };
}
