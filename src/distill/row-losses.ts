import type { Expr } from '../compute/expressions/expr.ts';
import type { Expressions } from '../compute/expressions/expressions.ts';

/** A student's and a teacher's output of one shape, samples along the first axis. */
export interface OutputPair {
  readonly student: Expr;
  readonly teacher: Expr;
}

/** A share of nothing is no number. */
const tiny = 1e-12;

/**
 * T² times the Kullback-Leibler divergence of the student's classes from the teacher's at temperature T, a number a
 * sample: the mean over its positions (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015).
 * Classes are the last axis; both are logits.
 */
export function divergenceRows(e: Expressions, { student, teacher }: OutputPair, temperature: number): Expr {
  const [s, t] = [e.div(student, temperature), e.div(teacher, temperature)];
  const gap = e.sub(e.logSoftmax(t, -1), e.logSoftmax(s, -1));
  const divergence = e.reduceSum(e.mul(e.softmax(t, -1), gap), [t.dims.length - 1]);
  return e.mul(meanOfRows(e, divergence), temperature * temperature);
}

/** -log of the probability of the true class, a number a sample. `labels` are int64 by sample, logits [samples, classes]. */
export function crossEntropyRows(e: Expressions, logits: Expr, labels: Expr): Expr {
  const picked = e.mul(classIndicator(e, logits, labels), e.logSoftmax(logits, -1));
  return e.neg(e.reduceSum(picked, [1]));
}

/** Mean of the squared differences of a sample's elements. */
export function squaredErrorRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  const difference = e.sub(student, teacher);
  return meanOfRows(e, e.mul(difference, difference));
}

/** The same as a share of the teacher's mean square, so that layers of any scale weigh alike. */
export function relativeErrorRows(e: Expressions, pair: OutputPair): Expr {
  const scale = meanOfRows(e, e.mul(pair.teacher, pair.teacher));
  return e.div(squaredErrorRows(e, pair), e.add(scale, tiny));
}

/** 1 - cosine of the vectors along the last axis, mean over a sample's positions. */
export function cosineRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  const axis = student.dims.length - 1;
  const dot = (a: Expr, b: Expr): Expr => e.reduceSum(e.mul(a, b), [axis]);
  const norms = e.sqrt(e.add(e.mul(dot(student, student), dot(teacher, teacher)), tiny));
  const cosine = e.div(dot(student, teacher), norms);
  return meanOfRows(e, e.sub(e.expand(e.scalar(1), cosine.dims), cosine));
}

/** 1 where the largest score is the true class's, else 0. */
export function hitRows(e: Expressions, scores: Expr, labels: Expr): Expr {
  return e.indicator(e.compare('Equal', largestClass(e, scores), labels));
}

/** Share of a sample's positions at which both have the same largest class. */
export function agreementRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  return meanOfRows(e, e.indicator(e.compare('Equal', largestClass(e, student), largestClass(e, teacher))));
}

/** Scores whose softmax are these probabilities. */
export function logitsOf(e: Expressions, probabilities: Expr): Expr {
  return e.log(e.add(probabilities, tiny));
}

/** Mean over all axes but the first. */
function meanOfRows(e: Expressions, x: Expr): Expr {
  const axes = [...x.dims.keys()].slice(1);
  return axes.length === 0 ? x : e.reduceMean(x, axes);
}

function largestClass(e: Expressions, scores: Expr): Expr {
  const attributes = { axis: -1, keepdims: 0 };
  return e.op('ArgMax', [scores], { type: 'int64', dims: scores.dims.slice(0, -1), attributes });
}

/** 1 at each sample's true class, 0 at the others: [samples, classes]. */
function classIndicator(e: Expressions, { dims }: Expr, labels: Expr): Expr {
  const [samples = 1, classes = 1] = dims;
  const all = e.constant({
    type: 'int64',
    dims: [1, classes],
    data: BigInt64Array.from({ length: classes }, (_, i) => BigInt(i)),
  });
  return e.indicator(e.compare('Equal', e.reshape(labels, [samples, 1]), all));
}
