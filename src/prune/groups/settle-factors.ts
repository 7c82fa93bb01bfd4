import type { Factor, FactorAxis } from './factor-axis.ts';
import type { GroupState } from './group-state.ts';
import { type IndexClasses, marks } from './index-classes.ts';

/**
 * Decides which factor of each product carries units, once all other ties and locks are known: the only one that is not
 * locked, else the heads of attention, else the first. What one decides may leave another with one choice, so those that
 * have only one go first.
 */
export function settleFactors({ classes, factors }: GroupState): void {
  let waiting: readonly FactorAxis[] = factors;
  while (waiting.length > 0) {
    const open = waiting.filter((product) => !settleCertain(product, classes));
    const isStuck = open.length === waiting.length;
    const chosen = isStuck ? (open.find((product) => headsOf(product, classes) !== null) ?? open[0]) : undefined;
    if (chosen !== undefined) carry(chosen, headsOf(chosen, classes) ?? firstOpen(chosen, classes), classes);
    waiting = chosen === undefined ? open : open.filter((product) => product !== chosen);
  }
}

/** Whether there was nothing to choose. */
function settleCertain(product: FactorAxis, classes: IndexClasses): boolean {
  if (isLocked(product, classes)) {
    for (const factor of product.factors) lockLike(factor, product, classes);
    return true;
  }
  const open = product.factors.filter((factor) => !isLocked(factor, classes));
  if (open.length === 0) for (const factor of product.factors) lockLike(product, factor, classes);
  if (open.length === 1) carry(product, firstOpen(product, classes), classes);
  return open.length <= 1;
}

/** Index j of the factor goes with every index of the product in which its coordinate is j; the other factors stay. */
function carry(product: FactorAxis, carrier: Factor, classes: IndexClasses): void {
  let stride = product.length;
  for (const factor of product.factors) {
    stride /= factor.length;
    if (factor !== carrier) lockOpen(factor, product, classes);
    else
      for (let flat = 0; flat < product.length; flat++)
        classes.unite(factor.first + (Math.floor(flat / stride) % factor.length), product.first + flat);
  }
}

function headsOf(product: FactorAxis, classes: IndexClasses): Factor | null {
  const isHeads = (factor: Factor) => !isLocked(factor, classes) && classes.hasMark(factor.first, marks.heads);
  return product.factors.find(isHeads) ?? null;
}

function firstOpen({ factors, ...product }: FactorAxis, classes: IndexClasses): Factor {
  return factors.find((factor) => !isLocked(factor, classes)) ?? factors[0] ?? product;
}

function isLocked({ first, length }: Factor, classes: IndexClasses): boolean {
  for (let index = 0; index < length; index++) if (!classes.isLocked(first + index)) return false;
  return true;
}

function lockLike(factor: Factor, other: Factor, classes: IndexClasses): void {
  for (let index = 0; index < factor.length; index++)
    classes.addLocks(factor.first + index, classes.lockSetOf(other.first));
}

function lockOpen({ first, length }: Factor, { node, op }: FactorAxis, classes: IndexClasses): void {
  const set = classes.lockSet({ reason: 'reshape-ambiguous', node, op });
  for (let index = 0; index < length; index++)
    if (!classes.isLocked(first + index)) classes.addLocks(first + index, set);
}
