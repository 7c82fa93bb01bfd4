import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { projectOptions } from '../../../src/cost/fleet/project-options.ts';
import { fitCurve } from '../../../src/cost/service/fit-curve.ts';
import { overDraws } from '../../../src/cost/service/times-at.ts';
import type { TimeByBatch } from '../../../src/cost/service/service-curve.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { measuredCurve, settingsOf } from '../fleet/sketch-curve.ts';
import type { KnownServer } from './sketch-sweep.ts';
import { measure } from './sketch-sweep.ts';

const experiments = 500;

/** $ per million at batch 8, 0.357 $/h and a utilization of 0.6. */
function usdPerMillion(times: TimeByBatch): number {
  return ((0.357 / 3600) * times.msAt(8) * 1000) / (8 * 0.6);
}

/** Share of experiments whose interval holds the true cost. */
function coverageOf(server: KnownServer): number {
  const truth = usdPerMillion({ msAt: server.timeMs });
  const covers = (_: unknown, experiment: number): boolean => {
    const sweep = measure(server, createRandom(1, 'server', experiment));
    const { low, high } = overDraws(fitCurve(sweep, createRandom(0, 'draws', experiment)), usdPerMillion);
    return low !== null && high !== null && low <= truth && truth <= high;
  };
  return Array.from({ length: experiments }, covers).filter(Boolean).length / experiments;
}

const linear = (batch: number): number => 3.5 + 1.25 * batch;
/** Three rounds are the default. */
const usual = { timeMs: linear, batches: [1, 2, 4, 8, 16], rounds: 3 };

describe('the interval of the cost of a server whose cost is known', () => {
  it.each([
    { name: 'noise of blocks above all', server: { ...usual, common: 0.002, own: 0.02 } },
    {
      name: 'no line',
      server: { ...usual, timeMs: (b: number) => 3 + 1.1 * b ** 1.3, common: 0.02, own: 0.01 },
    },
    {
      name: 'nearly a line, and hardly any noise',
      server: { ...usual, timeMs: (b: number) => 3 + b ** 1.1, common: 0.003, own: 0.003 },
    },
  ])('covers it in at least 93 % of 500 experiments: $name', ({ server }) => {
    expect(coverageOf(server)).toBeGreaterThanOrEqual(0.93);
  });

  it('still does so at the end of a projection, which chooses the batch', () => {
    const server = { ...usual, common: 0.05, own: 0.01 };
    const settings = settingsOf({ purchases: ['own'], ownUsdPerHour: 0.357, targetUtilization: 0.6 });
    const covers = (_: unknown, experiment: number): boolean => {
      const sweep = measure(server, createRandom(2, 'server', experiment));
      const curve = measuredCurve(fitCurve(sweep, createRandom(0, 'draws', experiment)));
      const [option] = projectOptions({ curves: [curve], catalog: loadCatalog(), instances: [] }, settings).options;
      if (option === undefined) return false;
      const { usdPerMillion: found, batch, replicasPerMachine } = option;
      const itemsPerSecond = (1000 * batch * replicasPerMachine) / linear(batch);
      const truth = ((0.357 / 3600) * 1e6) / (itemsPerSecond * 0.6);
      return found.low !== null && found.high !== null && found.low <= truth && truth <= found.high;
    };
    const covered = Array.from({ length: experiments }, covers).filter(Boolean).length;
    expect(covered / experiments).toBeGreaterThanOrEqual(0.93);
  });

  it('is as narrow for the ratio of two models of the same rounds as blocks differ, whatever the moods', () => {
    const server = { ...usual, common: 0.1, own: 0.002 };
    const half = { ...server, timeMs: (batch: number) => linear(batch) / 2 };
    const curveOf = (known: KnownServer, blocks: number) =>
      fitCurve(measure(known, createRandom(7), createRandom(blocks)), createRandom(0, 'curve'));
    const [first, second] = [curveOf(server, 1), curveOf(half, 2)];
    const ratio = (draw: TimeByBatch): number => {
      const other = second.draws[first.draws.indexOf(draw)] ?? second;
      return draw.msAt(8) / other.msAt(8);
    };
    const { low, high } = overDraws(first, ratio);
    expect(low).toBeGreaterThan(1.95);
    expect(low).toBeLessThanOrEqual(2.01);
    expect(high).toBeGreaterThanOrEqual(1.99);
    expect(high).toBeLessThan(2.05);
    const alone = overDraws(first, (times) => times.msAt(8));
    expect((alone.high ?? 0) / (alone.low ?? 1)).toBeGreaterThan(1.2);
  });
});
