import { Sections } from './sections.ts';

/** Enough for Student's t to be near normal, few enough for each to outlast a busy period. */
const sectionCount = 20;

interface Cut {
  /** Index of the first value after the warm-up. */
  readonly from: number;
  /**
   * Of a trace that is played in a loop: loops repeat each other, so a section is the same stretch of every loop. Null
   * for values that never repeat.
   */
  readonly period: number | null;
}

/** @param values NaN for requests that were turned away, which are left out */
export function cutSections(values: Float64Array, cut: Cut): Sections {
  const length = values.length - cut.from;
  if (cut.period !== null && length > cut.period) return new Sections(foldLoops(values, cut.from, cut.period));
  const sections = Array.from({ length: sectionCount }, (_, i) => {
    const start = cut.from + Math.floor((i * length) / sectionCount);
    return values.subarray(start, cut.from + Math.floor(((i + 1) * length) / sectionCount));
  });
  return new Sections(sections.map(withoutGaps));
}

function foldLoops(values: Float64Array, from: number, period: number): Float64Array[] {
  const sections: number[][] = Array.from({ length: sectionCount }, () => []);
  for (let i = from; i < values.length; i++) {
    sections[Math.floor(((i % period) * sectionCount) / period)]?.push(values[i] ?? Number.NaN);
  }
  return sections.map((section) => withoutGaps(Float64Array.from(section)));
}

function withoutGaps(values: Float64Array): Float64Array {
  for (const value of values) {
    if (Number.isNaN(value)) return values.filter((value) => !Number.isNaN(value));
  }
  return values;
}
