import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateVerdict } from '../../src/gate/gate-verdict.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import type { ArmsScript } from './scripted-arms.ts';
import { gateByScript, slowerBy } from './scripted-arms.ts';
import { ruleOf } from './scenario-sketch.ts';

const many = [
  { name: 'a', rules: [ruleOf('latency-p50')] },
  { name: 'b', rules: [ruleOf('latency-p50'), ruleOf('throughput')] },
];

describe('a gate', () => {
  it('takes base and head of a pair next to each other, in both orders', async () => {
    const { taken } = await gateByScript(slowerBy(1));
    expect(new Set(taken.map(({ arm }) => arm))).toEqual(new Set(['base', 'head']));
    for (let at = 0; at < taken.length; at += 2) {
      expect(taken[at]?.round).toBe(taken[at + 1]?.round);
      expect(taken[at]?.arm).not.toBe(taken[at + 1]?.arm);
    }
    expect(taken.map(({ order }) => order)).toEqual(taken.map((_, at) => at));
  });

  it('plans as many pairs as fit the budget, and tells beforehand what they can detect', async () => {
    const { plans, events } = await gateByScript(slowerBy(1));
    expect(plans).toEqual([{ pairs: 20, looks: [9, 14, 20] }]);
    const planned = events.find((event) => event.kind === 'planned');
    expect(planned).toMatchObject({ budgetMs: 40_000, estimatedMs: 40_000 });
    const [scenario] = planned?.scenarios ?? [];
    expect(scenario).toMatchObject({
      scenario: 'small',
      pairs: 20,
      cells: [{ metric: 'latency-p50', tolerance: 0.05 }],
    });
    expect(scenario?.cells[0]?.detectable).toBeGreaterThan(0.05);
  });

  it('ends at the first look that settles every test', async () => {
    const passed = await gateByScript(slowerBy(1));
    expect(passed.taken).toHaveLength(18);
    expect(gateVerdict(passed.result.cells)).toBe('pass');
    const failed = await gateByScript(slowerBy(1.3));
    expect(failed.taken).toHaveLength(18);
    expect(gateVerdict(failed.result.cells)).toBe('fail');
    expect(failed.result.looks).toBe(3);
  });

  it('goes on to the last look while one test is open, and where it is told not to stop', async () => {
    const random = createRandom(3, 'noise');
    const noisy: ArmsScript = { latencyMs: () => 10 * Math.exp(0.4 * random.normal()) };
    const { taken, events, result } = await gateByScript(noisy);
    expect(taken).toHaveLength(40);
    expect(events.filter(({ kind }) => kind === 'look')).toHaveLength(3);
    expect(gateVerdict(result.cells)).toBe('inconclusive');
    expect((await gateByScript(slowerBy(1), { stopsEarly: false })).taken).toHaveLength(40);
  });

  it('interleaves scenarios', async () => {
    const { taken, result } = await gateByScript(slowerBy(1), { scenarios: many, settings: { budgetMs: 80_000 } });
    for (let at = 0; at < taken.length; at += 4)
      expect(new Set(taken.slice(at, at + 4).map(({ scenario, round }) => `${scenario} ${round}`)).size).toBe(2);
    expect(result.cells.map(({ scenario, verdict }) => [scenario, verdict])).toEqual([
      ['a', 'pass'],
      ['b', 'pass'],
      ['b', 'pass'],
    ]);
  });

  it('says beforehand that a budget is too short, and does not pass for that', async () => {
    const { result, plans } = await gateByScript(slowerBy(1.3), { settings: { budgetMs: 12_000 } });
    expect(plans).toEqual([{ pairs: 6, looks: [6] }]);
    expect(result.tooShort).toMatchObject({ pairs: 6, needed: 7, cells: 1, neededMs: 14_000 });
    expect(result.cells[0]).toMatchObject({ verdict: 'inconclusive', reason: { code: 'too-few-pairs' } });
  });

  it('measures nothing for exact figures', async () => {
    const exact = await gateByScript(slowerBy(1), { scenarios: [{ name: 'a', rules: [ruleOf('file-size')] }] });
    expect(exact.taken).toEqual([]);
    expect(exact.result.scenarios[0]?.plan).toMatchObject({ pairs: 0 });
  });

  it('measures the head alone where there is no base', async () => {
    const { taken, result } = await gateByScript(slowerBy(1), {
      scenarios: [{ name: 'small', basis: 'none', base: null }],
    });
    expect(new Set(taken.map(({ arm }) => arm))).toEqual(new Set(['head']));
    expect(result.cells[0]).toMatchObject({ verdict: 'new', head: 10 });
  });

  it('goes on with the others when a model dies', async () => {
    const dies: ArmsScript = {
      latencyMs: ({ scenario, arm, round }) => (scenario === 'a' && arm === 'head' && round === 3 ? null : 10),
    };
    const { result, taken } = await gateByScript(dies, { scenarios: many, settings: { budgetMs: 80_000 } });
    expect(result.scenarios[0]).toMatchObject({ failedArm: 'head', failure: { code: 'run-failed' } });
    expect(result.cells.map(({ verdict }) => verdict)).toEqual(['fail', 'pass', 'pass']);
    expect(taken.filter(({ scenario, round }) => scenario === 'a' && round > 3)).toEqual([]);
  });

  it('ends far beyond its budget when the machine has become slower, with what there is', async () => {
    const slowing = { ...slowerBy(1), blockMs: ({ round }: { round: number }) => (round < 5 ? 1000 : 10_000) };
    const { taken, result } = await gateByScript(slowing, { stopsEarly: false });
    // 10 blocks of a second, then pairs of 20 seconds until a minute is over.
    expect(taken).toHaveLength(16);
    expect(result.cells[0]).toMatchObject({ pairs: 8, verdict: 'pass' });
    expect(result.interrupted).toBe(false);
  });
});

describe('dirty blocks', () => {
  it('are repeated while the rest still fits', async () => {
    const { repetitions, elapsedMs } = await gateByScript(
      { ...slowerBy(1), dirty: ({ round }) => round === 2 || round === 6 },
      { settings: { budgetMs: 60_000, maxPairs: 20 }, stopsEarly: false },
    );
    expect(repetitions.filter(Boolean)).toHaveLength(4);
    expect(elapsedMs).toBe(44_000);
  });

  it('are not repeated where the machine is never quiet: more pairs are taken instead', async () => {
    const { repetitions, plans, elapsedMs } = await gateByScript(
      { ...slowerBy(1), dirty: () => true },
      { stopsEarly: false },
    );
    expect(repetitions.filter(Boolean)).toHaveLength(7);
    expect(plans[0]?.pairs).toBe(16);
    expect(elapsedMs).toBe(39_000);
  });
});

describe('--confirm', () => {
  const confirm = { settings: { confirm: true } };

  it('repeats a fail in an independent batch of as many pairs', async () => {
    const { result, taken } = await gateByScript(slowerBy(1.3), confirm);
    expect(taken).toHaveLength(18 + 40);
    expect(result.cells[0]).toMatchObject({ verdict: 'fail', reason: { details: { confirmed: true } } });
    expect(result.scenarios[0]?.blocks.filter(({ batch }) => batch === 'confirm')).toHaveLength(40);
  });

  it('takes a fail back that does not repeat, and repeats the scenarios that failed alone', async () => {
    let taken = 0;
    // Slower for the first nine rounds of both scenarios.
    const passing: ArmsScript = {
      latencyMs: ({ arm, scenario }) => (taken++ < 36 && arm === 'head' && scenario === 'a' ? 13 : 10),
    };
    const { result, events } = await gateByScript(passing, { ...confirm, scenarios: [many[0] ?? {}, { name: 'b' }] });
    expect(result.cells.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'pass']);
    expect(result.cells[0]?.reason.code).toBe('not-confirmed');
    expect(events.find(({ kind }) => kind === 'confirming')).toMatchObject({ scenarios: ['a'] });
  });

  it('measures no more where nothing fails', async () => {
    expect((await gateByScript(slowerBy(1), confirm)).taken).toHaveLength(18);
  });
});

describe('a gate that is continued', () => {
  it('comes to the same as one that was not interrupted, wherever that was', async () => {
    const random = createRandom(7, 'blocks');
    const logs = Array.from({ length: 200 }, () => 0.05 * random.normal());
    const script: ArmsScript = {
      latencyMs: ({ scenario, arm, round }) =>
        10 * (arm === 'head' ? 1.12 : 1) * Math.exp(logs[2 * round + (arm === 'head' ? 1 : 0) + scenario.length] ?? 0),
    };
    const sketch = { scenarios: many, settings: { confirm: true, budgetMs: 80_000 } };
    const whole = await gateByScript(script, sketch);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.taken.length }), async (abortAfter) => {
        const cut = await gateByScript(script, { ...sketch, abortAfter });
        expect(cut.result.interrupted).toBe(true);
        const recorded = { blocks: cut.written, plan: cut.plans[0] ?? null };
        const rest = await gateByScript(script, { ...sketch, recorded });
        expect(rest.result.interrupted).toBe(false);
        expect(rest.result.cells).toEqual(whole.result.cells);
        expect(rest.result.scenarios.map(({ plan }) => plan)).toEqual(whole.result.scenarios.map(({ plan }) => plan));
        // Of the pair that was cut, both blocks are taken again; no other one is.
        expect(rest.taken.length + cut.written.length - whole.taken.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 25 },
    );
  });
});
