import type { LoadRun, MaxRate, MaxRateStatus, Objective, ProbeStep } from './load-result.ts';

/** A rate to try. */
export interface RateProbe {
  readonly perSecond: number;
  readonly step: ProbeStep;
  /** Runs of the search meet the same requests closer together; those that check it meet others. */
  readonly seed: number;
  /** Times the usual length. */
  readonly length: number;
}

export interface FindMaxOptions {
  readonly objective: Objective;
  /** Half of what a closed loop reaches is a good one. */
  readonly startPerSecond: number;
  /** Null when the run was stopped. */
  readonly probe: (probe: RateProbe) => Promise<LoadRun | null>;
  /** After each probe, what the search would tell if it were stopped. */
  readonly onProbe?: (soFar: MaxRate) => void;
}

/** The bracket is narrow enough when its ends are within this share of each other. */
const precision = 0.02;
/** Half of a half of the start, and so on: at such rates nothing waits for anything, and a slower one meets no more. */
const mostHalvings = 5;
/** No server answers so many times what it reaches in a closed loop. */
const mostDoublings = 12;
/** How often a check may throw the search back. */
const mostRefutals = 2;
/** The last rate that met the objective did so by chance as well: so many steps below it are confirmed in its place. */
const mostStepsBack = 2;

/**
 * Searches the highest rate that meets an objective, as LoadGen's FindPeakPerformance does: double until it is missed,
 * bisect to 2 %, then try the last rate that met it once more, and in a run of twice the length. A rate that such a run
 * surely refutes is the upper end of another search.
 */
export function findMaxRate(options: FindMaxOptions): Promise<MaxRate> {
  return new RateSearch(options).run();
}

type Outcome = 'met' | 'unmet' | 'late' | 'refuted' | 'stopped';

class RateSearch {
  readonly #options: FindMaxOptions;
  readonly #probes: MaxRate['probes'] = [];
  #met: number[] = [];
  /** Lowest rate that did not meet the objective. */
  #unmet = Infinity;
  /** Lowest rate that surely missed it. */
  #missed: number | null = null;
  #isHeldByGenerator = false;
  #confirmed: number | null = null;

  constructor(options: FindMaxOptions) {
    this.#options = options;
  }

  async run(): Promise<MaxRate> {
    let state: Outcome = await this.#bracket();
    for (let refutals = 0; state !== 'stopped' && this.#best() !== null; refutals++) {
      state = await this.#bisect();
      if (state === 'stopped') break;
      state = await this.#check();
      if (state !== 'refuted' || refutals === mostRefutals) break;
    }
    return this.#result(state === 'stopped' ? 'interrupted' : this.#status());
  }

  /** The start, then doubled while it meets the objective, or halved while it does not. */
  async #bracket(): Promise<Outcome> {
    const { startPerSecond: start } = this.#options;
    let state = await this.#try({ perSecond: start, step: 'start' });
    for (let n = 1; state === 'met' && n <= mostDoublings; n++)
      state = await this.#try({ perSecond: start * 2 ** n, step: 'double' });
    // A lower rate would be issued no better.
    for (let n = 1; state === 'unmet' && this.#best() === null && n <= mostHalvings; n++)
      state = await this.#try({ perSecond: start / 2 ** n, step: 'halve' });
    return state;
  }

  async #bisect(): Promise<Outcome> {
    for (;;) {
      const best = this.#best();
      if (best === null || this.#unmet / best <= 1 + precision) return 'met';
      if (!Number.isFinite(this.#unmet)) return 'met';
      // The middle by ratio, in which the precision is told.
      const state = await this.#try({ perSecond: Math.sqrt(best * this.#unmet), step: 'bisect' });
      if (state === 'stopped') return state;
    }
  }

  /** The best rate once more, with other arrivals, then for twice as long; a little less where that leaves it open. */
  async #check(): Promise<Outcome> {
    const best = this.#best();
    if (best === null) return 'unmet';
    const retest = await this.#probe({ perSecond: best, step: 'retest', seed: 1, length: 1 });
    if (retest === null) return 'stopped';
    if (isMissed(retest)) return this.#refute(best);
    for (let back = 0; back <= mostStepsBack; back++) {
      const perSecond = best / (1 + precision) ** back;
      const run = await this.#probe({ perSecond, step: 'confirm', seed: 2 + back, length: 2 });
      if (run === null) return 'stopped';
      if (isMissed(run)) return this.#refute(perSecond);
      if (!run.valid || run.meetsObjective !== 'met') continue;
      this.#confirmed = perSecond;
      return 'met';
    }
    return 'unmet';
  }

  #refute(perSecond: number): Outcome {
    this.#met = this.#met.filter((rate) => rate < perSecond);
    this.#unmet = perSecond;
    return 'refuted';
  }

  async #try({ perSecond, step }: Pick<RateProbe, 'perSecond' | 'step'>): Promise<Outcome> {
    const probe = { perSecond, step, length: 1 };
    let run = await this.#probe({ ...probe, seed: 0 });
    // What held the generator up once need not do so again.
    if (run?.valid === false) run = await this.#probe({ ...probe, seed: 0 });
    if (run === null) return 'stopped';
    if (run.valid && run.meetsObjective === 'met') {
      this.#met.push(perSecond);
      return 'met';
    }
    // A higher rate may meet what a lower one did not, by chance: the search believes the lower one.
    this.#unmet = Math.min(this.#unmet, perSecond);
    this.#met = this.#met.filter((rate) => rate < perSecond);
    if (run.valid) return 'unmet';
    this.#isHeldByGenerator = true;
    return 'late';
  }

  async #probe(probe: RateProbe): Promise<LoadRun | null> {
    const run = await this.#options.probe(probe);
    if (run === null) return null;
    this.#probes.push({ step: probe.step, run });
    if (isMissed(run)) this.#missed = Math.min(this.#missed ?? Infinity, probe.perSecond);
    this.#options.onProbe?.(this.#result('interrupted'));
    return run;
  }

  #best(): number | null {
    return this.#met.length === 0 ? null : Math.max(...this.#met);
  }

  #status(): MaxRateStatus {
    if (this.#isHeldByGenerator && this.#missed === null) return 'generator-limited';
    if (this.#best() === null) return 'none';
    return this.#confirmed === null ? 'undecided' : 'confirmed';
  }

  #result(status: MaxRateStatus): MaxRate {
    const best = this.#confirmed ?? this.#best();
    const missed = this.#missed !== null && (best === null || this.#missed > best) ? this.#missed : null;
    const unmet = Number.isFinite(this.#unmet) ? this.#unmet : null;
    const high = status === 'interrupted' ? unmet : missed;
    return {
      objective: { ...this.#options.objective },
      status,
      perSecond: { value: best, low: this.#confirmed, high },
      probes: [...this.#probes],
    };
  }
}

function isMissed({ valid, meetsObjective }: LoadRun): boolean {
  return valid && meetsObjective === 'missed';
}
