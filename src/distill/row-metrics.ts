import type { Expr } from '../compute/expressions/expr.ts';
import type { Expressions } from '../compute/expressions/expressions.ts';
import type { OutputPair } from '../compute/training/losses.ts';
import { meanBySample, squaredErrorRows } from '../compute/training/losses.ts';

/** A share of nothing has no logarithm, and nothing can be a share of it. */
const tiny = 1e-12;

/** 1 where the largest score is the true class's, else 0. */
export function hitRows(e: Expressions, scores: Expr, labels: Expr): Expr {
  return e.indicator(e.compare('Equal', largestClass(e, scores), labels));
}

/** Share of a sample's positions at which both have the same largest class. */
export function agreementRows(e: Expressions, { student, teacher }: OutputPair): Expr {
  return meanBySample(e, e.indicator(e.compare('Equal', largestClass(e, student), largestClass(e, teacher))));
}

/**
 * Root mean square of what a sample is off by, as a share of that of all the teacher's values in the batch: as a share of
 * its own, a sample whose values happen to be near 0 would count for more than all others.
 */
export function distanceRows(e: Expressions, pair: OutputPair): Expr {
  const scale = e.meanAll(e.mul(pair.teacher, pair.teacher));
  return e.sqrt(e.div(squaredErrorRows(e, pair), e.max(scale, tiny)));
}

/** Scores whose softmax are these probabilities. */
export function logitsOf(e: Expressions, probabilities: Expr): Expr {
  return e.log(e.add(probabilities, tiny));
}

function largestClass(e: Expressions, scores: Expr): Expr {
  const attributes = { axis: -1, keepdims: 0 };
  return e.op('ArgMax', [scores], { type: 'int64', dims: scores.dims.slice(0, -1), attributes });
}
