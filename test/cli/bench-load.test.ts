import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { describeBenchEvent } from '../../src/cli/bench-progress.ts';
import { parseLoadArrivals, parseRates } from '../../src/cli/load-syntax.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runFailed } from '../bench/scripted-bench.ts';
import type { World } from './buffered-io.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('linear.onnx', linearModel());
const quick = ['--threads', '1', '--budget', '1s', '--rounds', '3', '--max-rounds', '3'];

function bench(words: readonly string[], script: Partial<Script> = {}, world: World = {}) {
  return runInfer(['bench', model, ...quick, ...words], {
    runtime: scriptedRuntime({ runMs: () => 10, ...script }),
    ...world,
  });
}

async function resultOf(words: readonly string[], script: Partial<Script> = {}) {
  return benchResultSchema.parse(JSON.parse((await bench([...words, '--json'], script)).stdout));
}

describe('infer bench under load', () => {
  it('puts service and latency from arrival side by side', async () => {
    const { exitCode, stdout } = await bench(['--rate', '0.5x,0.8x', '--duration', '60s']);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    const half = lines.find((line) => line.includes('0.5x'));
    const most = lines.find((line) => line.includes('0.8x'));
    // Runs of 10 ms: 100 a second in a closed loop. They take 10 ms in the queue as well.
    expect(half).toMatch(/0\.5x +50\.0 +5\d\.\d +10\.0 +10\.0 +1\d\.\d +[345]\d\.\d/);
    expect(most).toMatch(/0\.8x +80\.0 +\d\d\.\d +10\.0 +10\.0 +[12]\d\.\d +\d+/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('open loop, from the scheduled arrival on');
  });

  it('tells it all in JSON, CSV, Markdown and a page', async () => {
    const words = ['--rate', '50/s,max', '--slo', 'p95=80ms', '--duration', '20s'];
    const { points, settings } = await resultOf(words);
    expect(settings.objective).toEqual({ percentile: 95, limitMs: 80 });
    expect(points[0]?.loads).toMatchObject([
      { asked: '50/s', offeredPerSecond: 50, requests: 1000, valid: true, stable: true, meetsObjective: 'met' },
      { asked: 'max', offeredPerSecond: null, latencyMs: null, achievedPerSecond: expect.closeTo(100, 6) },
    ]);
    const csv = (await bench([...words, '--format', 'csv'])).stdout.trim().split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toContain('loadAsked,loadArrivals,offeredPerSecond,achievedPerSecond');
    expect(csv[1]).toContain(',50/s,poisson,50,');
    expect((await bench([...words, '--format', 'markdown'])).stdout).toMatch(/from arrival/);
    expect((await bench([...words, '--format', 'html'])).stdout).toContain('Under load');
  });

  it('ends with 1 when the objective is missed, and says by which rate', async () => {
    const { exitCode, stdout } = await bench(['--rate', '90/s', '--slo', 'p99=15ms', '--duration', '30s']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('misses p99');
  });

  it('leaves it open with too few requests, and ends with 5 where that was asked for', async () => {
    const few = ['--rate', '50/s', '--slo', 'p99=60ms', '--duration', '2s'];
    const { exitCode, stdout } = await bench(few);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('which takes 299 at least; give a longer --duration');
    expect((await bench([...few, '--on-inconclusive', 'fail'])).exitCode).toBe(5);
  });

  it('does not believe a late generator', async () => {
    const late = { issueDelayMs: () => 8 };
    const words = ['--rate', '50/s', '--slo', 'p99=100ms', '--duration', '20s'];
    const { exitCode, stdout } = await bench([...words, '--on-inconclusive', 'fail'], late);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('not valid: issued late');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('issued too late (p99 8.00 ms, at most 5.00 ms is tolerated)');
  });

  it('says that an objective below the service time is met at no rate', async () => {
    const { exitCode, stdout } = await bench(['--find-max', '--slo', 'p99=5ms']);
    expect(exitCode).toBe(1);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('no rate that was tried meets p99 within 5.00 ms');
    expect(text).toContain('p99 of the runs alone is beyond 5.00 ms');
  });

  it('tells a stall in the middle', async () => {
    let runs = 0;
    const { stdout } = await bench(['--rate', '20/s', '--duration', '60s'], {
      runMs: () => (++runs === 900 ? 700 : 10),
    });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the model stood still once (700 ms, usually 10.0 ms)');
  });

  it('fails the point whose server dies', async () => {
    let runs = 0;
    const { exitCode, stdout } = await bench(['--rate', '40/s,50/s'], {
      runMs: ({ options }) => {
        if ('instances' in options && ++runs > 600) throw runFailed;
        return 10;
      },
    });
    expect(exitCode).toBe(4);
    expect(stdout).toContain('failed (1)');
    // What was finished is there.
    expect(stdout).toContain('40/s');
  });
});

describe('infer bench --find-max', () => {
  const words = ['--find-max', '--slo', 'p99=60ms', '--duration', '1000s'];

  it('tells the rate, and that it was confirmed', async () => {
    const { points } = await resultOf(words);
    const { maxRate } = points[0] ?? {};
    expect(maxRate?.status).toBe('confirmed');
    // By the law of M/D/1 with runs of 10 ms it is 62.95/s.
    expect(Math.abs((maxRate?.perSecond.value ?? 0) / 62.95 - 1)).toBeLessThan(0.05);
    const { exitCode, stdout } = await bench(words);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Max rate 6\d\.\d\/s meets p99 within 60.0 ms, confirmed in a run of twice the length \(\d+ runs\)/,
    );
  });

  it('keeps and tells the bracket when it is interrupted', async () => {
    let interrupt: () => void = () => undefined;
    let runs = 0;
    const { exitCode, stdout } = await bench(
      words,
      {
        runMs: ({ options }) => {
          // The start takes 50,000 requests, doubled 100,000 and more than it can answer: in the third run.
          if ('instances' in options && ++runs === 160_000) interrupt();
          return 10;
        },
      },
      { onInterrupt: (callback) => void (interrupt = callback) },
    );
    expect(exitCode).toBe(130);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'at least 50.0/s and below 100/s, which did not meet it, for p99 within 60.0 ms when it was interrupted (2 runs)',
    );
  });
});

describe('what is told meanwhile', () => {
  it('is the plan, with what comes under load', async () => {
    const plain = await bench(['--rate', '0.5x,50/s', '--duration', '2s']);
    expect(plain.stderr).toContain('; then 2 rates under load, about 4.0 s');
    const search = await bench(['--find-max', '--slo', 'p99=60ms', '--duration', '2s', '--batch', '1,2']);
    expect(search.stderr).toContain('; then a search under load at each point, about 44 s');
  });

  it('is the rate of the moment, and how far a search is', () => {
    const point = { modelIndex: 0, ep: 'cpu', threads: 2, instances: 1, dims: {}, batch: 4 } as const;
    const step = { perSecond: 707.1, lengthMs: 10_000, done: 0, of: 2, bracket: null } as const;
    expect(describeBenchEvent({ kind: 'load', point, step: { ...step, kind: 'rate' } })).toBe(
      'load 1 of 2, 707/s for 10 s: cpu batch 4, 2 threads',
    );
    expect(describeBenchEvent({ kind: 'load', point, step: { ...step, kind: 'rate', perSecond: null } })).toBe(
      'load 1 of 2, as much as it takes for 10 s: cpu batch 4, 2 threads',
    );
    const bracket = { value: 500, low: null, high: 1000 };
    expect(describeBenchEvent({ kind: 'load', point, step: { ...step, kind: 'probe', bracket } })).toBe(
      'searching, 707/s for 10 s, 500/s meets the objective, 1,000/s does not: cpu batch 4, 2 threads',
    );
  });
});

describe('bad input', () => {
  it.each([
    [['--slo', 'p99=50ms'], '--rate is missing'],
    [['--duration', '5s'], '--rate is missing'],
    [['--find-max'], '--slo is missing'],
    [['--rate', 'fast'], "'fast' is not a rate such as 50/s"],
    [['--rate', '50/s', '--slo', '50ms'], 'a percentile from p50 to p99.99'],
    [['--rate', '50/s', '--arrivals', 'weekly'], 'poisson, constant, gamma:CV'],
    [['--rate', '50/s', '--arrivals', 'nowhere.csv'], 'no such file'],
    [['--rate', '5M/s'], 'no more than 2,000,000 are issued in a run'],
    [['--rate', '50/s', '--ep', 'browser-wasm'], '--rate makes no sense with --ep browser-wasm'],
  ])('refuses %j', async (words, sentence) => {
    const { exitCode, stderr } = await bench(words);
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });

  it('refuses a trace out of order, with the line', async () => {
    const path = files.write('trace.csv', new TextEncoder().encode('t_ms\n0\n20\n10\n'));
    const { exitCode, stderr } = await bench(['--arrivals', path]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('line 4: the trace of arrivals cannot be played');
  });

  it('plays a trace once, as it was recorded', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `${index * 20}`);
    const path = files.write('even.csv', new TextEncoder().encode(`t_ms\n${rows.join('\n')}\n`));
    const { points } = await resultOf(['--arrivals', path]);
    expect(points[0]?.loads).toMatchObject([
      { asked: 'recorded', arrivals: path, requests: 400, offeredPerSecond: expect.closeTo(50, 9) },
    ]);
  });
});

describe('the syntax', () => {
  it('reads rates', () => {
    expect(parseRates({ flag: '--rate', text: '50/s, 3k/min,2.5,0.8x,80%,max' })).toEqual([
      { kind: 'rate', perSecond: 50 },
      { kind: 'rate', perSecond: 50 },
      { kind: 'rate', perSecond: 2.5 },
      { kind: 'share', share: 0.8 },
      { kind: 'share', share: 0.8 },
      { kind: 'max' },
    ]);
  });

  it.each(['', '0/s', '-5/s', '50/fortnight', '0x', 'max/s', '5/s,'])('refuses the rate %j', (text) => {
    expect(() => parseRates({ flag: '--rate', text })).toThrow(/bad-value/);
  });

  it('reads arrivals', () => {
    const read = (text: string) => parseLoadArrivals({ flag: '--arrivals', text });
    expect(read('constant')).toEqual({ pattern: { kind: 'gamma', variation: 0 }, name: 'constant' });
    expect(read('gamma:2.0')).toEqual({ pattern: { kind: 'gamma', variation: 2 }, name: 'gamma:2' });
    expect(read('day.csv')).toEqual({ path: 'day.csv' });
    expect(() => read('gamma:0')).toThrow(/bad-value/);
  });
});
