import { createRandom } from '../stats/seeded-random.ts';
import type { GateBlock } from './gate-result.ts';

type Arm = GateBlock['arm'];

export interface PairPlace {
  readonly seed: number;
  readonly batch: GateBlock['batch'];
  readonly pair: number;
}

/**
 * Which arm of a pair goes first: one order in a pair, the other in the next (ABBA), so that what slows the machine
 * steadily slows both alike; which order begins is drawn anew for every two pairs. By the pair's number alone: a gate
 * that is continued goes on as it would have.
 */
export function armOrder(scenario: string, { seed, batch, pair }: PairPlace): readonly [Arm, Arm] {
  const flips = createRandom(seed, 'arms', scenario, batch, Math.floor(pair / 2)).next() < 0.5;
  return flips === (pair % 2 === 0) ? ['head', 'base'] : ['base', 'head'];
}

/** The order of the scenarios in a round: a seeded shuffle, reversed in the next. */
export function scenarioOrder<T>(scenarios: readonly T[], { seed, batch, pair }: PairPlace): readonly T[] {
  const shuffled = createRandom(seed, 'scenarios', batch, Math.floor(pair / 2)).shuffle(scenarios);
  return pair % 2 === 0 ? shuffled : shuffled.toReversed();
}
