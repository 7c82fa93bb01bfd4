import type { GateCell, GateScenarioResult } from './gate-result.ts';
import type { GateRunOptions, GateRunResult } from './gate-run.ts';
import type { JudgeSettings } from './judge/judge-cells.ts';
import { judgeCells } from './judge/judge-cells.ts';
import { pairsNeeded } from './judge/pairs-needed.ts';
import { MeasuredScenario } from './measured-scenario.ts';
import type { PairPlan } from './plan-gate.ts';
import { affordablePairs, isTested, pilotPairs, plannedScenarios, planLooks } from './plan-gate.ts';
import type { Rounds } from './round-taker.ts';
import { blocksOfRound, RoundTaker } from './round-taker.ts';

/**
 * Measures base and head in pairs of blocks and judges them: a pilot tells the noise, a plan says how many pairs fit
 * the budget and what they can detect, looks may end it early, and an independent batch repeats a fail where that is
 * wanted. What was recorded of an interrupted gate is not measured again.
 */
export async function runGate(options: GateRunOptions): Promise<GateRunResult> {
  const run = new GateRun(options);
  await run.takePilot();
  await run.takeToLastLook();
  if (options.settings.confirm) await run.confirmFails();
  return run.finish();
}

/** Of the budget: what the pilot may take with its dirty blocks repeated. */
const pilotShare = 0.4;

/** How far a gate may outlast its budget where the machine has become slower since the pilot. */
const overrun = 1.5;

class GateRun {
  readonly #options: GateRunOptions;
  readonly #scenarios: readonly MeasuredScenario[];
  readonly #taker: RoundTaker;
  readonly #pilot: number;
  #plan: PairPlan;
  #cells: readonly GateCell[] = [];

  constructor(options: GateRunOptions) {
    this.#options = options;
    this.#scenarios = options.scenarios.map((scenario) => new MeasuredScenario(scenario));
    this.#taker = new RoundTaker(options);
    this.#pilot = Math.min(pilotPairs, options.settings.maxPairs);
    this.#plan = options.recorded.plan ?? { pairs: this.#pilot, looks: [this.#pilot] };
  }

  /** The first pairs tell the noise, from which the rest is planned. */
  async takePilot(): Promise<void> {
    const { onEvent, onPlan, recorded, settings } = this.#options;
    onEvent({ kind: 'pilot', pairs: this.#pilot, blocks: this.#pilot * blocksOfRound(this.#scenarios) });
    // On a machine that is never quiet repetitions would leave no time for more pairs.
    const repetition = { withinMs: pilotShare * settings.budgetMs };
    await this.#takeMain({ from: 0, to: this.#pilot, repetition });
    if (recorded.plan === null && !this.#taker.isInterrupted) {
      this.#plan = this.#planned();
      onPlan(this.#plan);
    }
    onEvent({
      kind: 'planned',
      scenarios: plannedScenarios(this.#results(), this.#plan, this.#judging({ confirm: false })),
      estimatedMs: this.#taker.takenMs + (this.#plan.pairs - this.#pilot) * this.#roundMs(),
      budgetMs: settings.budgetMs,
    });
  }

  async takeToLastLook(): Promise<void> {
    const { onEvent, stopsEarly } = this.#options;
    const { looks } = this.#plan;
    let from = this.#pilot;
    for (const [index, to] of looks.entries()) {
      const repetition = this.#repeats() ? { withinMs: this.#options.settings.budgetMs } : ('never' as const);
      await this.#takeMain({ from, to, repetition });
      from = to;
      this.#cells = this.#judge({ confirm: false });
      onEvent({ kind: 'look', look: index + 1, of: looks.length, cells: this.#cells });
      if (this.#taker.isInterrupted || (stopsEarly && isSettled(this.#cells))) return;
    }
  }

  /** As many pairs again of the scenarios that fail by a test: an independent batch, outside the budget. */
  async confirmFails(): Promise<void> {
    const failing = new Set(
      this.#cells
        .filter((cell) => isTested(cell) && (cell.waived ?? cell.verdict) === 'fail')
        .map((cell) => cell.scenario),
    );
    const scenarios = this.#scenarios.filter(({ name }) => failing.has(name));
    if (scenarios.length > 0 && !this.#taker.isInterrupted) {
      const pairs = this.#plan.pairs;
      this.#options.onEvent({ kind: 'confirming', scenarios: [...failing], pairs });
      await this.#taker.take({
        batch: 'confirm',
        from: 0,
        to: pairs,
        scenarios,
        repetition: this.#repeats() ? 'always' : 'never',
        mostMs: this.#taker.takenMs + overrun * Math.max(this.#options.settings.budgetMs, pairs * this.#roundMs()),
      });
    }
    this.#cells = this.#judge({ confirm: true });
  }

  finish(): GateRunResult {
    return {
      scenarios: this.#results(),
      cells: this.#cells.length > 0 ? this.#cells : this.#judge({ confirm: this.#options.settings.confirm }),
      looks: this.#plan.looks.length,
      interrupted: this.#taker.isInterrupted,
      tooShort: this.#tooShort(),
    };
  }

  #takeMain(rounds: Pick<Rounds, 'from' | 'to' | 'repetition'>): Promise<void> {
    return this.#taker.take({
      batch: 'main',
      scenarios: this.#scenarios,
      mostMs: overrun * this.#options.settings.budgetMs,
      ...rounds,
    });
  }

  #planned(): PairPlan {
    // Exact figures alone: nothing is measured.
    if (blocksOfRound(this.#scenarios) === 0) return { pairs: 0, looks: [0] };
    const { settings } = this.#options;
    const pairs = affordablePairs({
      leftMs: settings.budgetMs - this.#taker.takenMs,
      roundMs: this.#roundMs(),
      pilot: this.#pilot,
      maxPairs: settings.maxPairs,
    });
    return planLooks(pairs, { cells: this.#tests(), alpha: settings.alpha });
  }

  /** On a machine that is never quiet a repetition is as dirty: the time is better spent on more pairs. */
  #repeats(): boolean {
    const pilot = this.#results().flatMap(({ blocks }) =>
      blocks.filter(({ batch, pair }) => batch === 'main' && pair < this.#pilot),
    );
    return 2 * pilot.filter(({ noise }) => noise.dirty.length > 0).length < pilot.length;
  }

  /** One pair of every scenario, as it was so far. */
  #roundMs(): number {
    const blockMs = this.#taker.blockMs({ repeats: this.#repeats() });
    return blockMs === null ? this.#options.roundMs : blockMs * blocksOfRound(this.#scenarios);
  }

  /** What no plan in the budget can find, and what it would take. */
  #tooShort(): GateRunResult['tooShort'] {
    const cells = this.#tests();
    const { alpha } = this.#options.settings;
    const needed = pairsNeeded({ cells, alpha, looks: 1 });
    const { pairs } = this.#plan;
    if (cells === 0 || pairs >= needed || this.#taker.isInterrupted) return null;
    return { pairs, needed, cells, neededMs: this.#taker.takenMs + (needed - pairs) * this.#roundMs() };
  }

  /** Tests that share alpha. */
  #tests(): number {
    return this.#judge({ confirm: false }).filter(isTested).length;
  }

  #judge(how: { readonly confirm: boolean }): readonly GateCell[] {
    return judgeCells(this.#results(), this.#judging(how));
  }

  #judging({ confirm }: { readonly confirm: boolean }): JudgeSettings {
    const { alpha, today, fingerprint } = this.#options.settings;
    return { alpha, looks: this.#plan.looks.length, confirm, today, fingerprint };
  }

  #results(): readonly GateScenarioResult[] {
    return this.#scenarios.map((scenario) => scenario.result(this.#plan, this.#pilot, this.#options.blockLength));
  }
}

/** More pairs would change nothing. */
function isSettled(cells: readonly GateCell[]): boolean {
  return cells.filter(isTested).every(({ verdict, waived }) => ['pass', 'fail'].includes(waived ?? verdict));
}
