import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';

// Every loss is one number a sample, a vector as long as the first axis; what is trained on is their mean, `meanAll`.

/** What a student and its teacher return, of one shape, samples along the first axis. */
export interface OutputPair {
  readonly student: Expr;
  readonly teacher: Expr;
}

export interface CrossEntropyOptions {
  /** The label of positions that do not count; -100 unless given. Any other label must be a class. */
  readonly ignore?: number;
}

/**
 * -log softmax(logits)[label] by sample: the mean over its positions that count, 0 where none does. `logits` are
 * [samples, .., classes], `labels` int64 or int32 [samples, ..]. Throws RangeError for shapes that do not fit.
 */
export function crossEntropyRows(
  e: Expressions,
  { logits, labels }: { readonly logits: Expr; readonly labels: Expr },
  { ignore = -100 }: CrossEntropyOptions = {},
): Expr {
  requireSameShape(labels.dims, logits.dims.slice(0, -1), 'labels and positions');
  const isLeftOut = e.compare('Equal', labels, ignore);
  const counted = e.indicatorLike(logits, e.op('Not', [isLeftOut], { ...labels, type: 'bool' }));
  // A label that does not count need not be a class: 0 is one.
  const indices = e.where(isLeftOut, e.scalarLike(labels, 0), labels);
  const dims = [...labels.dims, 1];
  const picked = e.op('GatherElements', [e.logSoftmax(logits, -1), e.reshape(indices, dims)], {
    type: logits.type,
    dims,
    attributes: { axis: -1 },
  });
  const terms = e.mul(e.reshape(picked, labels.dims), counted);
  return e.neg(e.div(sumBySample(e, terms), e.max(sumBySample(e, counted), 1)));
}

/**
 * T²·KL(softmax(teacher/T) ‖ softmax(student/T)) by sample, the mean over its positions (Hinton, Vinyals and Dean,
 * "Distilling the Knowledge in a Neural Network", 2015: T² keeps the gradients' size as T changes). Both are scores
 * before the softmax, classes the last axis. Throws RangeError for shapes that differ.
 */
export function divergenceRows(e: Expressions, { student, teacher }: OutputPair, temperature: number): Expr {
  requireSameShape(student.dims, teacher.dims, 'scores of student and teacher');
  const cooled = (x: Expr): Expr => e.logSoftmax(e.div(x, temperature), -1);
  const [s, t] = [cooled(student), cooled(teacher)];
  const divergence = e.reduceSum(e.mul(e.exp(t), e.sub(t, s)), [t.dims.length - 1]);
  return e.mul(meanBySample(e, divergence), temperature ** 2);
}

/** Mean of (student - teacher)² by sample. Throws RangeError for shapes that differ. */
export function squaredErrorRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  requireSameShape(student.dims, teacher.dims, 'the two sides of a squared error');
  const difference = e.sub(student, teacher);
  return meanBySample(e, e.mul(difference, difference));
}

/** Squares below it count as it: nothing can be a share of 0, and a vector of zeros has no direction. */
const smallestSquare = 1e-12;

/** The same as a share of the teacher's mean square, so that layers of any scale weigh alike. */
export function relativeErrorRows(e: Expressions, pair: OutputPair): Expr {
  const scale = meanBySample(e, e.mul(pair.teacher, pair.teacher));
  return e.div(squaredErrorRows(e, pair), e.max(scale, smallestSquare));
}

/**
 * 1 - cosine of the vectors along the last axis by sample, the mean over its positions. Throws RangeError for shapes
 * that differ.
 */
export function cosineRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  requireSameShape(student.dims, teacher.dims, 'the two sides of a cosine');
  const dot = (a: Expr, b: Expr): Expr => e.reduceSum(e.mul(a, b), [a.dims.length - 1]);
  const norm = (x: Expr): Expr => e.sqrt(e.max(dot(x, x), smallestSquare));
  const cosines = e.div(dot(student, teacher), e.mul(norm(student), norm(teacher)));
  return e.add(e.neg(meanBySample(e, cosines)), 1);
}

/** Mean over all axes but the first. */
export function meanBySample(e: Expressions, x: Expr): Expr {
  const axes = [...x.dims.keys()].slice(1);
  return axes.length === 0 ? x : e.reduceMean(x, axes);
}

function sumBySample(e: Expressions, x: Expr): Expr {
  const axes = [...x.dims.keys()].slice(1);
  return axes.length === 0 ? x : e.reduceSum(x, axes);
}

function requireSameShape(a: readonly number[], b: readonly number[], what: string): void {
  if (a.join() !== b.join()) throw new RangeError(`${what} are [${a.join()}] and [${b.join()}]`);
}
