import type { Interval } from '../../stats/interval.ts';
import { selectQuantile } from '../../stats/select-quantile.ts';
import { studentTQuantile } from '../../stats/student-t.ts';

/** Latencies of one run in sections of consecutive requests: what is alike within a busy period stays together. */
export class Sections {
  readonly #sections: readonly Float64Array[];
  readonly #total: number;
  #all: Float64Array | null = null;

  constructor(sections: readonly Float64Array[]) {
    this.#sections = sections.filter((section) => section.length > 0);
    this.#total = this.#sections.reduce((sum, section) => sum + section.length, 0);
  }

  get count(): number {
    return this.#total;
  }

  /** Mean, by batch means (Law and Kelton, "Simulation Modeling and Analysis"). */
  mean(): Interval {
    const parts = this.#sections.map((section) => sumOf(section) / section.length);
    const value = this.#weighted(parts);
    if (parts.length < 2) return { value, low: null, high: null };
    const margin = this.#margin(parts);
    return { value, low: Math.max(0, value - margin), high: value + margin };
  }

  /**
   * Quantile of all. Its interval goes from quantile to quantile, as far apart as the share of values beyond it varies
   * from section to section (Woodruff, "Confidence Intervals for Medians and Other Position Measures", JASA 47, 1952): in
   * a busy section many are, in most none, which the quantiles of sections would not tell. In the tail that share varies
   * by factors, so its own interval is one of factors.
   *
   * @param p fraction in [0, 1]
   */
  quantile(p: number): Interval {
    if (this.#total === 0) return { value: Number.NaN, low: null, high: null };
    this.#all ??= joined(this.#sections, this.#total);
    const value = selectQuantile(this.#all, p);
    const isUpper = p >= 0.5;
    const share = isUpper ? 1 - p : p;
    // Nothing lies beyond the smallest and the largest that would tell how they vary.
    if (this.#sections.length < 2 || share === 0) return { value, low: null, high: null };
    const shares = this.#sections.map((section) => shareBeyond(section, value, isUpper));
    const factor = Math.exp(this.#margin(shares) / share);
    const near = Math.min(1, share * factor);
    const far = share / factor;
    return {
      value,
      low: selectQuantile(this.#all, isUpper ? 1 - near : far),
      high: selectQuantile(this.#all, isUpper ? 1 - far : near),
    };
  }

  /** Mean over sections that count by their sizes. */
  #weighted(parts: readonly number[]): number {
    return parts.reduce((sum, part, i) => sum + part * (this.#sections[i]?.length ?? 0), 0) / this.#total;
  }

  /**
   * Half the width of the interval of a mean over sections of which each has one. Where neighbors are alike, a busy period
   * outlasts a section, and the sections count for fewer: as for a process whose correlation falls geometrically.
   */
  #margin(parts: readonly number[]): number {
    const mean = this.#weighted(parts);
    const weighted = parts.map(
      (part, i) => (((this.#sections[i]?.length ?? 0) * parts.length) / this.#total) * (part - mean),
    );
    const squares = weighted.reduce((sum, deviation) => sum + deviation * deviation, 0);
    if (squares === 0) return 0;
    const products = weighted.reduce((sum, deviation, i) => sum + deviation * (weighted[i + 1] ?? 0), 0);
    const likeness = Math.min(0.9, Math.max(0, products / squares));
    const variance = (squares / parts.length / (parts.length - 1)) * ((1 + likeness) / (1 - likeness));
    return studentTQuantile(0.975, parts.length - 1) * Math.sqrt(variance);
  }
}

function shareBeyond(values: Float64Array, limit: number, isUpper: boolean): number {
  let count = 0;
  for (const value of values) if (isUpper ? value > limit : value < limit) count += 1;
  return count / values.length;
}

function joined(parts: readonly Float64Array[], total: number): Float64Array {
  const all = new Float64Array(total);
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
