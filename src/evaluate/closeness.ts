import type { DataType } from '../onnx/data-type.ts';
import { isFloatType } from '../onnx/data-type.ts';
import { type ClassAxis, classAxisOf } from './class-axis.ts';
import { agreementOf, divergenceOf } from './class-agreement.ts';
import { growingNumbers } from './growing-array.ts';
import { areProbabilities } from './probabilities.ts';
import type { SampleRows } from './sample-rows.ts';

/** How close an output came to the reference's, sample by sample. */
export interface ClosenessRecords {
  readonly output: string;
  readonly type: DataType;
  /** Sums over a sample's elements of (r - x)^2 and of r^2. */
  readonly errors: Float64Array;
  readonly references: Float64Array;
  readonly cosines: Float64Array;
  /** Cosine of all samples as one vector. */
  readonly cosineOverall: number;
  /** Share of a sample's positions with the same class; null where there are no classes. */
  readonly agreements: Float64Array | null;
  /** Positions of a sample at which classes are told, at most: 1 for a plain classifier. */
  readonly positions: number;
  /** Mean KL divergence of a sample's positions in nats; null where there are no classes. */
  readonly divergences: Float64Array | null;
  /** Share of a sample's elements that are equal. */
  readonly equals: Float64Array;
  readonly exact: boolean;
  readonly maxAbs: number;
  readonly maxRel: number;
}

/** A difference from a reference below this has no relative size. */
const leastReference = 1e-3;

/** Compares one output with its reference, batch by batch. */
export class OutputComparison {
  readonly #output: string;
  readonly #errors = growingNumbers();
  readonly #references = growingNumbers();
  readonly #cosines = growingNumbers();
  readonly #agreements = growingNumbers();
  readonly #divergences = growingNumbers();
  readonly #equals = growingNumbers();
  readonly #totals = { xr: 0, xx: 0, rr: 0, maxAbs: 0, maxRel: 0 };
  #type: DataType = 'float32';
  #axis: ClassAxis | null = null;
  /** The most of any batch: where lengths differ, one of a single position makes no plain classifier. */
  #positions = 1;
  #isProbability = true;
  /** A single column is a decision only while it stays between 0 and 1. */
  #isDecision = true;

  constructor(output: string) {
    this.#output = output;
  }

  /** Rows of both must agree in their number and length. */
  add(found: SampleRows, reference: SampleRows): void {
    this.#type = found.type;
    this.#axis = isFloatType(reference.type) ? classAxisOf(reference.dims) : null;
    if (this.#axis !== null) {
      this.#positions = Math.max(this.#positions, this.#axis.positions);
      this.#isProbability &&= this.#axis.step === 1 && areProbabilities(reference, this.#axis.classes);
    }
    for (let sample = 0; sample < reference.count; sample++) {
      const stretch = [sample * reference.rowLength, (sample + 1) * reference.rowLength] as const;
      this.#addSample(found.values.subarray(...stretch), reference.values.subarray(...stretch));
    }
  }

  records(): ClosenessRecords {
    const { xr, xx, rr, maxAbs, maxRel } = this.#totals;
    const equals = this.#equals.view();
    const hasClasses = this.#axis !== null && (this.#axis.classes > 1 || this.#isDecision);
    return {
      output: this.#output,
      type: this.#type,
      errors: this.#errors.view(),
      references: this.#references.view(),
      cosines: this.#cosines.view(),
      cosineOverall: cosine(xr, xx, rr),
      agreements: hasClasses ? this.#agreements.view() : null,
      positions: this.#positions,
      divergences: hasClasses && (this.#axis?.classes ?? 1) > 1 ? this.#divergences.view() : null,
      equals,
      exact: equals.every((share) => share === 1),
      maxAbs,
      maxRel,
    };
  }

  #addSample(x: ArrayLike<number>, r: ArrayLike<number>): void {
    const sums = differences(x, r);
    this.#errors.push(sums.error);
    this.#references.push(sums.rr);
    this.#cosines.push(cosine(sums.xr, sums.xx, sums.rr));
    this.#equals.push(r.length === 0 ? 1 : sums.equal / r.length);
    const totals = this.#totals;
    totals.xr += sums.xr;
    totals.xx += sums.xx;
    totals.rr += sums.rr;
    totals.maxAbs = Math.max(totals.maxAbs, sums.maxAbs);
    totals.maxRel = Math.max(totals.maxRel, sums.maxRel);
    if (this.#axis === null) return;
    this.#agreements.push(agreementOf(x, r, this.#axis));
    if (this.#axis.classes > 1)
      this.#divergences.push(divergenceOf(x, r, { ...this.#axis, isProbability: this.#isProbability }));
    else this.#isDecision &&= (r[0] ?? -1) >= 0 && (r[0] ?? 2) <= 1;
  }
}

/** Sums over the elements of a sample. Elements that are equal and not finite, such as masks of -infinity, count as 0. */
function differences(x: ArrayLike<number>, r: ArrayLike<number>) {
  const sums = { error: 0, xr: 0, xx: 0, rr: 0, equal: 0, maxAbs: 0, maxRel: 0 };
  for (let i = 0; i < r.length; i++) {
    const a = x[i] ?? Number.NaN;
    const b = r[i] ?? Number.NaN;
    const isEqual = a === b || (Number.isNaN(a) && Number.isNaN(b));
    if (isEqual) sums.equal++;
    if (isEqual && !Number.isFinite(a)) continue;
    sums.xr += a * b;
    sums.xx += a * a;
    sums.rr += b * b;
    if (isEqual) continue;
    const difference = Math.abs(a - b);
    sums.error += difference * difference;
    sums.maxAbs = Math.max(sums.maxAbs, difference);
    sums.maxRel = Math.max(sums.maxRel, difference / Math.max(Math.abs(b), leastReference));
  }
  return sums;
}

/** 1 for two vectors that are 0, 0 where only one is. */
function cosine(xr: number, xx: number, rr: number): number {
  if (xx === 0 && rr === 0) return 1;
  return xx === 0 || rr === 0 ? 0 : xr / Math.sqrt(xx * rr);
}
