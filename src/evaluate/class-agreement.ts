import { argmaxOf, type Stretch } from './argmax.ts';
import { type ClassAxis, startOf } from './class-axis.ts';

type Scores = ArrayLike<number>;

/** Share of positions where both have the same highest class, or are on the same side of 0.5. NaN agrees with nothing. */
export function agreementOf(found: Scores, reference: Scores, axis: ClassAxis): number {
  const { classes, positions, step } = axis;
  if (classes === 1) {
    const [x, r] = [found[0] ?? Number.NaN, reference[0] ?? Number.NaN];
    return !Number.isNaN(x) && !Number.isNaN(r) && x > 0.5 === r > 0.5 ? 1 : 0;
  }
  let agreeing = 0;
  for (let position = 0; position < positions; position++) {
    const stretch = { from: startOf(axis, position), length: classes, step };
    const best = argmaxOf(reference, stretch);
    if (best !== -1 && best === argmaxOf(found, stretch)) agreeing++;
  }
  return agreeing / positions;
}

/** Probabilities below this are taken for it: the divergence from what is impossible would be infinite. */
const leastProbability = 1e-12;

/**
 * Mean over positions of KL(reference || model) = sum of p ln(p / q) in nats (Kullback and Leibler, Annals of
 * Mathematical Statistics 22, 1951), p and q being softmaxes of the scores, or the scores where they are probabilities.
 */
export function divergenceOf(
  found: Scores,
  reference: Scores,
  axis: ClassAxis & { readonly isProbability: boolean },
): number {
  const divergence = axis.isProbability ? ofProbabilities : ofScores;
  let sum = 0;
  for (let position = 0; position < axis.positions; position++) {
    const stretch = { from: startOf(axis, position), length: axis.classes, step: axis.step };
    sum += Math.max(0, divergence(found, reference, stretch));
  }
  return sum / axis.positions;
}

function ofProbabilities(found: Scores, reference: Scores, { from, length, step }: Stretch): number {
  let sum = 0;
  for (let i = 0, at = from; i < length; i++, at += step) {
    const p = reference[at] ?? Number.NaN;
    if (p === 0) continue;
    sum += p * Math.log(p / Math.max(leastProbability, found[at] ?? Number.NaN));
  }
  return sum;
}

function ofScores(found: Scores, reference: Scores, stretch: Stretch): number {
  const [logQ, logP] = [logOfSum(found, stretch), logOfSum(reference, stretch)];
  let sum = 0;
  for (let i = 0, at = stretch.from; i < stretch.length; i++, at += stretch.step) {
    const score = (reference[at] ?? Number.NaN) - logP;
    const p = Math.exp(score);
    if (p === 0) continue;
    sum += p * (score - Math.max(Math.log(leastProbability), (found[at] ?? Number.NaN) - logQ));
  }
  return sum;
}

/** Logarithm of the sum of exponentials: what a softmax divides by. */
function logOfSum(scores: Scores, { from, length, step }: Stretch): number {
  let largest = -Infinity;
  for (let i = 0, at = from; i < length; i++, at += step) largest = Math.max(largest, scores[at] ?? Number.NaN);
  let sum = 0;
  for (let i = 0, at = from; i < length; i++, at += step) sum += Math.exp((scores[at] ?? Number.NaN) - largest);
  return largest + Math.log(sum);
}
