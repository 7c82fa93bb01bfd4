import type { GateBlock, GateScenarioResult } from '../../src/gate/gate-result.ts';
import type { GateRule } from '../../src/gate/gate-rule.ts';
import { armOrder } from '../../src/gate/pair-order.ts';
import type { Random } from '../../src/stats/seeded-random.ts';
import { sketchBlock, sketchScenario } from './scenario-sketch.ts';

/** A shared machine as it was measured: blocks a few seconds apart, one after another. */
export interface SimulatedMachine {
  /** Standard deviation of the logarithm of its level, a first-order process, and the correlation of neighboring blocks. */
  readonly levelSd: number;
  readonly correlation: number;
  /** How much slower it gets from the first to the last block, on the log. */
  readonly drift: number;
  /** Standard deviation of a block about the level, on the log. */
  readonly blockSd: number;
  /** Share of blocks that something disturbed, and the most that it slows them down by, on the log. */
  readonly dirtyShare: number;
  readonly dirtySlowdown: number;
}

export const noisyMachine: SimulatedMachine = {
  levelSd: 0.17,
  correlation: 0.6,
  drift: 0.1,
  blockSd: 0.03,
  dirtyShare: 0.1,
  dirtySlowdown: 0.5,
};

export interface SimulatedGate {
  readonly machine: SimulatedMachine;
  readonly scenarios: number;
  readonly pairs: number;
  readonly rules: readonly GateRule[];
  /** Head over base. */
  readonly ratio: number;
  readonly seed: number;
}

/** The log of each block's slowdown, in the order they are taken. */
function slowdowns(random: Random, machine: SimulatedMachine, blocks: number): () => number {
  const { levelSd, correlation, drift, blockSd, dirtyShare, dirtySlowdown } = machine;
  let level = levelSd * random.normal();
  let taken = 0;
  return () => {
    level = correlation * level + levelSd * Math.sqrt(1 - correlation ** 2) * random.normal();
    const dirt = random.next() < dirtyShare ? dirtySlowdown * random.next() : 0;
    return level + (drift * taken++) / blocks + blockSd * random.normal() + dirt;
  };
}

/** What is alike in all blocks: a simulation makes a hundred thousand of them. */
const alike = sketchBlock({ arm: 'base', pair: 0 });

function block({ arm, pair, order }: Pick<GateBlock, 'arm' | 'pair' | 'order'>, ms: number): GateBlock {
  return { ...alike, arm, pair, order, round: pair, latencyMs: [ms], sumMs: ms, minMs: ms, maxMs: ms, windowMs: ms };
}

function scenario(index: number, { pairs, rules }: SimulatedGate): GateScenarioResult {
  const plan = { pairs, looks: [pairs], pilot: Math.min(5, pairs), runs: 30, minMs: 500 };
  return sketchScenario({
    name: `scenario-${index}`,
    rules: rules.map((rule) => ({ ...rule, waiver: null })),
    plan,
    blocks: [],
  });
}

const orders = new Map<string, ReturnType<typeof armOrder>>();

/** The gate's own order; of fifty seeds alone, as drawing it costs more than all else here. */
function orderOf(name: string, seed: number, pair: number): ReturnType<typeof armOrder> {
  const key = `${name} ${seed} ${pair}`;
  const order = orders.get(key) ?? armOrder(name, { seed, batch: 'main', pair });
  orders.set(key, order);
  return order;
}

/** A gate's scenarios with all their blocks, taken pair by pair, scenario by scenario. */
export function simulateGate(random: Random, gate: SimulatedGate): GateScenarioResult[] {
  const next = slowdowns(random, gate.machine, 2 * gate.pairs * gate.scenarios);
  const scenarios = Array.from({ length: gate.scenarios }, (_, index) => scenario(index, gate));
  let order = 0;
  for (let pair = 0; pair < gate.pairs; pair++) {
    for (const { name, blocks } of scenarios) {
      for (const arm of orderOf(name, gate.seed % 50, pair)) {
        const ms = 20 * (arm === 'head' ? gate.ratio : 1) * Math.exp(next());
        blocks.push(block({ arm, pair, order: order++ }, ms));
      }
    }
  }
  return scenarios;
}

/** The same gate as it stood after so many pairs. */
export function firstPairs(scenarios: readonly GateScenarioResult[], pairs: number): GateScenarioResult[] {
  return scenarios.map((each) => ({ ...each, blocks: each.blocks.filter(({ pair }) => pair < pairs) }));
}
