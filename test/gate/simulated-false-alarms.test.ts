import { describe, expect, it } from 'vitest';
import { gateVerdict } from '../../src/gate/gate-verdict.ts';
import type { GateVerdict } from '../../src/gate/gate-result.ts';
import type { GateRule } from '../../src/gate/gate-rule.ts';
import { judgeCells } from '../../src/gate/judge/judge-cells.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { firstPairs, noisyMachine, simulateGate, type SimulatedMachine } from './simulated-blocks.ts';

const looks = [12, 16, 20];
const settings = { alpha: 0.01, looks: looks.length, confirm: false, today: '2026-01-01', fingerprint: 'f' };

interface Simulation {
  readonly label: string;
  readonly gates: number;
  readonly ratio: number;
  readonly tolerance: number;
  readonly machine?: SimulatedMachine;
}

/** Share of gates that come to the verdict at any of their looks; a look that fails is the last one. */
function shareOf(verdict: GateVerdict, { label, gates, ratio, tolerance, machine = noisyMachine }: Simulation): number {
  const random = createRandom(11, label);
  const rule: GateRule = {
    metric: 'latency-p50',
    tolerance,
    floor: 0,
    budget: null,
    severity: 'fail',
    note: null,
    waiver: null,
  };
  let reached = 0;
  for (let seed = 0; seed < gates; seed++) {
    const gate = simulateGate(random, { machine, scenarios: 2, pairs: 20, rules: [rule], ratio, seed });
    if (looks.some((pairs) => gateVerdict(judgeCells(firstPairs(gate, pairs), settings)) === verdict)) reached++;
  }
  return reached / gates;
}

describe('a gate on a machine that drifts, with correlated levels and a tenth of its blocks disturbed', () => {
  it('fails at most 1.5 % of 2,000 times where nothing changed', () => {
    expect(shareOf('fail', { label: 'none', gates: 2000, ratio: 1, tolerance: 0.05 })).toBeLessThanOrEqual(0.015);
  });

  it('fails no more often where the change is just the one that is tolerated', () => {
    expect(shareOf('fail', { label: 'edge', gates: 2000, ratio: 1.05, tolerance: 0.05 })).toBeLessThanOrEqual(0.015);
  });

  it('fails where it is clearly slower, so that it is not by never failing', () => {
    expect(shareOf('fail', { label: 'slow', gates: 100, ratio: 1.6, tolerance: 0.05 })).toBeGreaterThan(0.95);
  });

  it('passes on a quiet machine where nothing changed', () => {
    const machine = { ...noisyMachine, levelSd: 0.01, drift: 0.01, blockSd: 0.01, dirtyShare: 0 };
    expect(shareOf('pass', { label: 'quiet', gates: 100, ratio: 1, tolerance: 0.05, machine })).toBeGreaterThan(0.95);
  });
});
