import { describe, expect, it } from 'vitest';
import type { BenchEvent } from '../../src/bench/bench-event.ts';
import type { BenchFindings } from '../../src/bench/bench-result.ts';
import { runBench } from '../../src/bench/run-bench.ts';
import { conditionKey } from '../../src/bench/sweep.ts';
import type { BlockEvent } from './scripted-bench.ts';
import { benchOptions, measureByScript, onlyPoint, scripted } from './scripted-bench.ts';

const names = (blocks: readonly BlockEvent[]) =>
  blocks.map(({ point }) => `${point.modelIndex} ${conditionKey(point)}`);
const inRound = (blocks: readonly BlockEvent[], round: number) => blocks.filter((block) => block.round === round);
const roundsTaken = ({ points }: BenchFindings) => points.map(({ rounds }) => rounds.length);
const sweep = { axes: { batches: [1, 2, 4], threads: [1, 2] } };

describe('the order of blocks', () => {
  it('takes one block of every point a round, and reverses the order in the next', async () => {
    const { blocks, findings, runtime } = await measureByScript({ ...sweep, protocol: { rounds: 4, maxRounds: 4 } });
    const orders = [0, 1, 2, 3].map((round) => names(inRound(blocks, round)));
    for (const order of orders) expect(new Set(order).size).toBe(6);
    expect(orders[1]).toEqual(orders[0]?.toReversed());
    expect(orders[3]).toEqual(orders[2]?.toReversed());
    expect(orders[2]).not.toEqual(orders[0]);
    // The sessions opened last are those of the blocks, each for the threads of its point.
    expect(runtime.opened.slice(-24).map(({ threads }) => threads)).toEqual(blocks.map(({ point }) => point.threads));
    const taken = findings.points.flatMap(({ rounds }) => rounds.map(({ order }) => order));
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, order) => order));
    expect(blocks.map(({ done, of }) => [done, of])).toEqual(Array.from({ length: 24 }, (_, at) => [at % 6, 6]));
  });

  it('is the same for the same seed, and another for another', async () => {
    const noisy = {
      runMs: ({ opened, run }: { opened: number; run: number }) => 1 + ((opened * 7 + run * 3) % 5) / 10,
    };
    const [first, again, other] = [
      await measureByScript({ ...sweep, protocol: { seed: 3 } }, noisy),
      await measureByScript({ ...sweep, protocol: { seed: 3 } }, noisy),
      await measureByScript({ ...sweep, protocol: { seed: 4 } }, noisy),
    ];
    expect(names(again.blocks)).toEqual(names(first.blocks));
    expect(again.findings).toEqual(first.findings);
    expect(names(other.blocks)).not.toEqual(names(first.blocks));
  });

  it('opens as many sessions as a point has instances', async () => {
    const { runtime, findings } = await measureByScript({
      axes: { instances: [3], threads: [1] },
      protocol: { rounds: 1, maxRounds: 1 },
    });
    // One to read the inputs, one to probe, three to measure.
    expect(runtime.opened).toHaveLength(5);
    expect(onlyPoint(findings).throughput?.runsPerSecond.value).toBeCloseTo(3000, 6);
  });
});

describe('when to stop', () => {
  const noisyBlocks = ({ opened }: { opened: number }) => (opened % 2 === 0 ? 1 : 2);

  it('stops at the precision, but not before ten rounds', async () => {
    const { findings } = await measureByScript({ protocol: { maxRounds: 30 } });
    expect(roundsTaken(findings)).toEqual([10]);
    expect(onlyPoint(findings)).toMatchObject({ precision: 0, reachedPrecision: true });
  });

  it('goes on to the most rounds where the precision is not reached', async () => {
    const { findings } = await measureByScript({ protocol: { maxRounds: 15 } }, { runMs: noisyBlocks });
    expect(roundsTaken(findings)).toEqual([15]);
    expect(onlyPoint(findings).reachedPrecision).toBe(false);
    expect(findings.warnings.map(({ code }) => code)).toContain('precision-missed');
  });

  it('goes on with those alone that need it, and with whatever they are compared with', async () => {
    const { findings } = await measureByScript(
      { models: ['a.onnx', 'b.onnx'], axes: { batches: [1, 2] }, protocol: { maxRounds: 13 } },
      {
        runMs: ({ options, opened, feeds }) =>
          options.modelPath === 'b.onnx' && feeds['x']?.dims[0] === 2 ? 1 + (opened % 7) : 1,
      },
    );
    expect(findings.points.map(({ modelIndex, batch, rounds }) => [modelIndex, batch, rounds.length])).toEqual([
      [0, 1, 10],
      [0, 2, 13],
      [1, 1, 10],
      [1, 2, 13],
    ]);
  });

  it('stops when another round would not fit the budget, after the rounds that were planned', async () => {
    // A block: 1 to load, 1 + 3 runs, 15 for the barrier, 20 to measure; two points.
    const budget = (budgetMs: number) =>
      measureByScript({ axes: { batches: [1, 2] }, protocol: { maxRounds: 30, budgetMs, warmUpMs: 0 } });
    expect(roundsTaken((await budget(400)).findings)).toEqual([5, 5]);
    expect(roundsTaken((await budget(399)).findings)).toEqual([4, 4]);
    expect(roundsTaken((await budget(1)).findings)).toEqual([3, 3]);
    expect((await budget(1)).findings.warnings.map(({ code }) => code)).toContain('budget-stretched');
  });

  it.each([40, 100, 200, 333, 1000, 5000])('keeps a hard budget of %i ms to one block', async (budgetMs) => {
    const { findings, events } = await measureByScript(
      { ...sweep, protocol: { budgetMs, budgetIsHard: true, maxRounds: 30 } },
      { runMs: ({ opened, feeds }) => (feeds['x']?.dims[0] ?? 1) * (1 + (opened % 3) / 4) },
    );
    const plannedAt = events.find(({ event }) => event.kind === 'planned')?.atMs ?? Number.NaN;
    const times = events.flatMap(({ event, atMs }) => (event.kind === 'block' || event.kind === 'round' ? [atMs] : []));
    const longest = Math.max(...times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs)));
    // Probing is part of it, but where it alone uses the budget up one block is taken all the same.
    expect(findings.elapsedMs).toBeLessThanOrEqual(Math.max(budgetMs, plannedAt) + longest);
    expect(Math.max(...roundsTaken(findings))).toBeGreaterThanOrEqual(1);
    const exhausted = { code: 'budget-exhausted', details: { budgetMs } };
    expect(findings.points.map(({ status, reason }) => ({ status, reason }))).toEqual(
      findings.points.map(({ rounds }) =>
        rounds.length > 0 ? { status: 'ok', reason: null } : { status: 'skipped', reason: exhausted },
      ),
    );
    expect(findings.settings).toMatchObject({ budgetMs, budgetIsHard: true });
  });

  it('leaves points out of a hard budget that is far too small, and says so', async () => {
    const { findings } = await measureByScript({ ...sweep, protocol: { budgetMs: 100, budgetIsHard: true } });
    expect(new Set(findings.points.map(({ status }) => status))).toEqual(new Set(['ok', 'skipped']));
    expect(findings.warnings.map(({ code }) => code)).toContain('budget-lost-rounds');
  });

  it('counts probing into a hard budget, but not into the default one', async () => {
    // Reading the inputs takes 100 ms, the probe 102; a block 100 + 1 + 3 + 15 + 20.
    const budget = (budgetIsHard: boolean) =>
      measureByScript({ protocol: { budgetMs: 400, budgetIsHard, maxRounds: 30, warmUpMs: 0 } }, { loadMs: 100 });
    const hard = await budget(true);
    expect(hard.findings).toMatchObject({ elapsedMs: 202 + 139, settings: { roundsPlanned: 1 } });
    expect(roundsTaken(hard.findings)).toEqual([1]);
    const soft = await budget(false);
    expect(soft.findings.elapsedMs).toBe(202 + 3 * 139);
  });

  it.each([true, false])('repeats a dirty block only while there is time (hard budget: %s)', async (budgetIsHard) => {
    const stalled = { noise: (atMs: number) => ({ stalledMs: atMs }) };
    const protocol = { budgetIsHard, rounds: 1, maxRounds: 2 };
    const plenty = await measureByScript({ protocol }, stalled);
    expect(onlyPoint(plenty.findings).rounds[0]?.noise).toMatchObject({ dirty: ['stalled'], repeated: true });
    const short = await measureByScript({ protocol: { ...protocol, budgetMs: 60 } }, stalled);
    expect(onlyPoint(short.findings).rounds[0]?.noise).toMatchObject({ dirty: ['stalled'], repeated: false });
  });

  it('takes one block where a single round is asked for, dirty or not', async () => {
    const protocol = { rounds: 1, maxRounds: 1 };
    const { findings } = await measureByScript({ protocol }, { noise: (atMs) => ({ stalledMs: atMs }) });
    expect(onlyPoint(findings).rounds.map(({ noise }) => noise)).toMatchObject([
      { dirty: ['stalled'], repeated: false },
    ]);
  });

  it('expects of the next block what one takes, not what it took with its repetition', async () => {
    // A block takes 40 ms: after two of them, of 125 ms one more fits.
    const { findings } = await measureByScript(
      { protocol: { budgetMs: 125, warmUpMs: 0, rounds: 1, maxRounds: 2 } },
      { noise: (atMs) => ({ stalledMs: atMs }) },
    );
    expect(onlyPoint(findings).rounds.map(({ noise }) => noise.repeated)).toEqual([true, false]);
  });

  it('repeats no block at the price of the planned rounds', async () => {
    // A block takes 40 ms where 25 are expected: of 125 ms, 85 are left after it, and two more are planned.
    const { findings } = await measureByScript(
      { protocol: { budgetMs: 125, warmUpMs: 0 } },
      { noise: (atMs) => ({ stalledMs: atMs }) },
    );
    expect(onlyPoint(findings).rounds.map(({ noise }) => noise.repeated)).toEqual([false, false, false]);
  });
});

describe('an interruption', () => {
  /** Runs with three points and aborts where the predicate says so. */
  async function interrupted(isTime: (event: BenchEvent) => boolean) {
    const controller = new AbortController();
    const onEvent = (event: BenchEvent) => {
      if (isTime(event)) controller.abort();
    };
    return measureByScript({ axes: { batches: [1, 2, 4] }, signal: controller.signal, onEvent });
  }

  it('keeps the finished rounds and drops the block under way', async () => {
    const { findings, blocks } = await interrupted(
      (event) => event.kind === 'block' && event.round === 1 && event.done === 1,
    );
    expect(findings.interrupted).toBe(true);
    expect(roundsTaken(findings).toSorted()).toEqual([1, 1, 2]);
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(blocks).toHaveLength(5);
  });

  it('tells the points that got no round', async () => {
    const { findings } = await interrupted((event) => event.kind === 'block' && event.done === 1);
    expect(roundsTaken(findings).toSorted()).toEqual([0, 0, 1]);
    const skipped = findings.points.filter(({ rounds }) => rounds.length === 0);
    for (const point of skipped)
      expect(point).toMatchObject({ status: 'skipped', reason: { code: 'interrupted' }, latencyMs: null });
  });

  it('measures nothing more between rounds', async () => {
    const { findings } = await interrupted((event) => event.kind === 'round' && event.round === 0);
    expect(roundsTaken(findings)).toEqual([1, 1, 1]);
  });

  it('gives its reason when nothing was measured yet', async () => {
    const controller = new AbortController();
    const runtime = scripted();
    const onEvent = ({ kind }: BenchEvent) => {
      if (kind === 'probing') controller.abort(new Error('stop'));
    };
    await expect(runBench(benchOptions({ runtime, signal: controller.signal, onEvent }))).rejects.toThrow('stop');
    expect(runtime.openSessions).toBe(0);
  });
});
