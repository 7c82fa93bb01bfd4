import type { LabeledPoint, Factors } from '../bench-factors.ts';
import { splitFactors } from '../bench-factors.ts';

type Factor = Factors['varying'][number];

/** How the points of a sweep become curves: what lies along x, what tells curves apart, and what makes a panel each. */
export interface BenchAxes {
  readonly x: Factor;
  /** Null where x alone varies. */
  readonly curve: Factor | null;
  readonly panels: readonly Factor[];
}

/** Along which curves make sense, the first that varies. */
const alongX = ['prompt', 'batch', 'threads', 'instances'];
/** Told apart by color and symbol. */
const mostCurves = 8;

/** Null where nothing with numbers varies. */
export function benchAxes(rows: readonly LabeledPoint[]): BenchAxes | null {
  const { varying } = splitFactors(rows);
  const numeric = varying.filter((factor) => valuesOf(factor, rows).filter((text) => isNumber(text)).length > 1);
  const x = alongX.map((name) => numeric.find(({ header }) => header === name)).find((factor) => factor !== undefined);
  const chosen = x ?? numeric.find(({ header }) => header !== 'model' && header !== 'ep');
  if (chosen === undefined) return null;
  const others = varying.filter((factor) => factor !== chosen);
  const curve = curveFactor(others, rows);
  return { x: chosen, curve, panels: others.filter((factor) => factor !== curve) };
}

/** The one with the most values that can still be told apart, so that there are few panels. */
function curveFactor(factors: readonly Factor[], rows: readonly LabeledPoint[]): Factor | null {
  const sized = factors.map((factor) => ({ factor, size: valuesOf(factor, rows).length }));
  const fitting = sized.filter(({ size }) => size <= mostCurves).toSorted((a, b) => b.size - a.size);
  return fitting[0]?.factor ?? null;
}

/** In the order of appearance. */
export function valuesOf(factor: Factor, rows: readonly LabeledPoint[]): readonly string[] {
  return [...new Set(rows.map((row) => factor.cell(row)))];
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
