import { elementCount } from '../../onnx/dense-tensor.ts';
import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';

export interface CrossEntropyOptions {
  /** The label of positions that do not count; -100 unless given. Any other label must be a class. */
  readonly ignore?: number;
}

/**
 * Mean of -log softmax(logits)[label] over the positions that count, a scalar; 0 where none does. `logits` are
 * [.., classes], `labels` int64 or int32 [..]. Throws RangeError for shapes that do not fit.
 */
export function crossEntropy(
  e: Expressions,
  { logits, labels }: { readonly logits: Expr; readonly labels: Expr },
  { ignore = -100 }: CrossEntropyOptions = {},
): Expr {
  requireSameShape(labels.dims, logits.dims.slice(0, -1), 'labels and positions');
  const counted = e.indicatorLike(
    logits,
    e.op('Not', [e.compare('Equal', labels, ignore)], { ...labels, type: 'bool' }),
  );
  // A label that does not count need not be a class: 0 is one.
  const indices = e.where(e.compare('Equal', labels, ignore), e.scalarLike(labels, 0), labels);
  const rows = [...labels.dims, 1];
  const picked = e.op('GatherElements', [e.logSoftmax(logits, -1), e.reshape(indices, rows)], {
    type: logits.type,
    dims: rows,
    attributes: { axis: -1 },
  });
  const total = e.sumAll(e.mul(e.reshape(picked, labels.dims), counted));
  return e.neg(e.div(total, e.max(e.sumAll(counted), 1)));
}

/** Scores of the same classes by two models, both before the softmax. */
export interface Scores {
  readonly student: Expr;
  readonly teacher: Expr;
}

/**
 * T²·KL(softmax(teacher/T) ‖ softmax(student/T)), the mean over all positions, a scalar (Hinton, Vinyals and Dean,
 * "Distilling the Knowledge in a Neural Network", 2015: T² keeps the gradients' size as T changes). Classes are the
 * last axis. Throws RangeError for shapes that do not fit.
 */
export function distillationLoss(
  e: Expressions,
  { student, teacher }: Scores,
  { temperature }: { readonly temperature: number },
): Expr {
  requireSameShape(student.dims, teacher.dims, 'scores of student and teacher');
  const cooled = (x: Expr): Expr => e.logSoftmax(e.div(x, temperature), -1);
  const [s, t] = [cooled(student), cooled(teacher)];
  const total = e.sumAll(e.mul(e.exp(t), e.sub(t, s)));
  const positions = elementCount(student.dims.slice(0, -1));
  return e.mul(total, temperature ** 2 / positions);
}

/** Mean of (a - b)², a scalar. Throws RangeError for shapes that differ. */
export function meanSquaredError(e: Expressions, a: Expr, b: Expr): Expr {
  requireSameShape(a.dims, b.dims, 'the two sides of a squared error');
  const difference = e.sub(a, b);
  return e.meanAll(e.mul(difference, difference));
}

/** Squared lengths below it count as it: a vector of zeros has no direction, and its gradient must not be NaN. */
const smallestSquare = 1e-12;

/** Mean of 1 - cos(a, b) over the vectors along the last axis, a scalar. Throws RangeError for shapes that differ. */
export function cosineLoss(e: Expressions, a: Expr, b: Expr): Expr {
  requireSameShape(a.dims, b.dims, 'the two sides of a cosine');
  const dot = (x: Expr, y: Expr): Expr => e.reduceSum(e.mul(x, y), [x.dims.length - 1]);
  const norm = (x: Expr): Expr => e.sqrt(e.max(dot(x, x), smallestSquare));
  const cosines = e.div(dot(a, b), e.mul(norm(a), norm(b)));
  return e.sub(e.scalarLike(a, 1), e.meanAll(cosines));
}

function requireSameShape(a: readonly number[], b: readonly number[], what: string): void {
  if (a.join() !== b.join()) throw new RangeError(`${what} are [${a.join()}] and [${b.join()}]`);
}
