import type { GateResult } from '../gate/gate-result.ts';
import { gateVerdict } from '../gate/gate-verdict.ts';
import type { GateRunResult } from '../gate/gate-run.ts';
import { gateWarnings, plainWarnings } from '../gate/gate-warnings.ts';
import { runGate } from '../gate/run-gate.ts';
import { BenchArms } from './gating/bench-arms.ts';
import type { GateSession } from './gating/gate-session.ts';
import { runSettings, withGateSession } from './gating/gate-session.ts';
import { openJournal } from './gating/open-journal.ts';
import { preparationWarnings } from './gating/preparation-warnings.ts';
import { storeBaseline } from './gating/store-baseline.ts';
import type { GateContext, GateRequest } from './gate-request.ts';

/**
 * Holds the head of every scenario against its base: exact figures, outputs and quality first, then figures measured
 * side by side in pairs of fresh processes. What was measured before an interruption is a result that says so, and can
 * be continued. Throws UsageError, ModelError, DataError and RuntimeError before anything is measured.
 */
export function gate(request: GateRequest, context: GateContext): Promise<GateResult> {
  const startMs = context.runtime.nowMs();
  return withGateSession(request, context, async (session) => {
    const journal = openJournal(session, request, context);
    const { blockPlan, costs, roundMs, recorded } = journal;
    const run = await runGate({
      scenarios: session.prepared.map(({ scenario }) => scenario),
      settings: runSettings(request, session),
      arms: new BenchArms(session.probed, blockPlan, costs),
      blockLength: { runs: blockPlan.runs, minMs: blockPlan.minMs },
      roundMs,
      stopsEarly: true,
      recorded,
      onBlock: (taken) => journal.append({ kind: 'block', ...taken }),
      onPlan: ({ pairs, looks }) => journal.append({ kind: 'plan', pairs, looks: [...looks] }),
      onEvent: context.onEvent,
      nowMs: () => context.runtime.nowMs(),
      signal: context.signal,
    });
    const result = resultOf({ request, context, session, run, elapsedMs: context.runtime.nowMs() - startMs });
    const updated = storeBaseline(result, session, request);
    if (!run.interrupted) journal.remove();
    return { ...result, warnings: [...result.warnings, ...plainWarnings([...journal.warnings, ...updated])] };
  });
}

interface Finished {
  readonly request: GateRequest;
  readonly context: GateContext;
  readonly session: GateSession;
  readonly run: GateRunResult;
  readonly elapsedMs: number;
}

function resultOf({ request, context, session, run, elapsedMs }: Finished): GateResult {
  const { alpha, seed, budgetMs, confirm, onInconclusive, optimization, maxPairs, today } = request;
  const { absolute, relative } = request.tolerance;
  const { environment } = session;
  const scenarios = [...run.scenarios];
  const cells = [...run.cells];
  const facts = { scenarios, cells, today, fingerprint: environment.fingerprint, tooShort: run.tooShort };
  return {
    ...context.envelope,
    kind: 'gate',
    environment,
    warnings: plainWarnings([...gateWarnings(facts), ...preparationWarnings(session)]),
    settings: {
      alpha,
      seed,
      budgetMs,
      looks: run.looks,
      confirm,
      onInconclusive,
      optimization,
      maxPairs,
      today,
      tolerance: {
        absolute,
        relative,
      },
    },
    scenarios,
    cells,
    verdict: gateVerdict(cells),
    replayOf: null,
    elapsedMs,
    interrupted: run.interrupted,
  };
}
