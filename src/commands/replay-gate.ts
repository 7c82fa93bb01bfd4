import type { GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import type { GateRule } from '../gate/gate-rule.ts';
import { gateVerdict } from '../gate/gate-verdict.ts';
import { gateWarnings, plainWarnings } from '../gate/gate-warnings.ts';
import { judgeCells } from '../gate/judge/judge-cells.ts';
import type { Envelope } from './envelope.ts';
import type { InconclusivePolicy } from './gate-request.ts';

/** What is judged otherwise than when the gate was run; null: as it was. */
export interface ReplayOverrides {
  /** The saved result, as it was named. */
  readonly path: string;
  /** What a scenario is held to now. */
  readonly rules: (scenario: string, saved: readonly GateRule[]) => readonly GateRule[];
  /** Of the judging: where it was measured stays as it is. */
  readonly envelope: Envelope;
  /** For waivers: `2026-12-31`. */
  readonly today: string;
  readonly alpha: number | null;
  readonly onInconclusive: InconclusivePolicy | null;
}

/** Warnings of the run itself: what judging again cannot tell stays true. */
const ofTheRun: ReadonlySet<string> = new Set([
  'threads-over-cores',
  'dimension-guessed',
  'inputs-guessed',
  'base-of-one-run',
  'baseline-drifted',
  'budget-too-short',
]);

/** Judges a saved gate again from its blocks, without running anything. */
export function replayGate(saved: GateResult, overrides: ReplayOverrides): GateResult {
  const { path, today, envelope } = overrides;
  const { fingerprint } = saved.environment;
  const alpha = overrides.alpha ?? saved.settings.alpha;
  const onInconclusive = overrides.onInconclusive ?? saved.settings.onInconclusive;
  const settings = { ...saved.settings, alpha, onInconclusive, today };
  const scenarios = saved.scenarios.map((scenario) => withRules(scenario, overrides.rules));
  const cells = judgeCells(scenarios, { ...settings, fingerprint });
  const facts = { scenarios, cells, today, fingerprint, tooShort: null };
  return {
    ...saved,
    ...envelope,
    warnings: [...plainWarnings(gateWarnings(facts)), ...saved.warnings.filter(({ code }) => ofTheRun.has(code))],
    settings,
    scenarios,
    cells,
    verdict: gateVerdict(cells),
    replayOf: path,
  };
}

function withRules(scenario: GateScenarioResult, rules: ReplayOverrides['rules']): GateScenarioResult {
  const held = rules(scenario.name, scenario.rules);
  return {
    ...scenario,
    rules: held.map((rule) => ({ ...rule, waiver: rule.waiver === null ? null : { ...rule.waiver } })),
  };
}
