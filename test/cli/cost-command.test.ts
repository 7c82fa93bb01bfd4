import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { costResultSchema } from '../../src/cost/cost-result.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { scriptedRuntime } from './scripted-models.ts';
import { accuracyOf, CostTrial, onGolden, optionOf, resultOf, serverResult } from './cost-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = new CostTrial('');
beforeEach(() => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new CostTrial(folder);
});

const fp32 = { path: 'models/fp32.onnx', sha256: 'a'.repeat(64) };
const int8 = { path: 'models/int8.onnx', sha256: 'b'.repeat(64), tau0Ms: 1.75, alphaMs: 0.625 };

describe('the published numbers', () => {
  it('come out of a saved result', async () => {
    trial.write('r.json', serverResult());
    const batch8 = optionOf(await trial.resultOf(['r.json', ...onGolden, '--batch', '8']), 'c7i.2xlarge');
    expect(batch8.itemsPerSecond.value).toBeCloseTo(592.593, 3);
    expect(batch8.usdPerMillion.value).toBeCloseTo(0.27891, 4);
    const batch1 = optionOf(await trial.resultOf(['r.json', ...onGolden, '--batch', '1']), 'c7i.2xlarge');
    expect(batch1.usdPerMillion.value).toBeCloseTo(0.78507, 4);
  });

  it('scale with the target utilization', async () => {
    trial.write('r.json', serverResult());
    const costAt = async (utilization: string) =>
      optionOf(
        await trial.resultOf(['r.json', ...onGolden, '--batch', '8', '--utilization', utilization]),
        'c7i.2xlarge',
      ).usdPerMillion.value;
    expect((await costAt('30%')) / (await costAt('1'))).toBeCloseTo(1 / 0.3, 9);
  });

  it('carry the interval of the rounds', async () => {
    trial.write('r.json', serverResult());
    const { usdPerMillion } = optionOf(await trial.resultOf(['r.json', ...onGolden]), 'c7i.2xlarge');
    expect(usdPerMillion.low).toBeLessThan(usdPerMillion.value);
    expect(usdPerMillion.high).toBeGreaterThan(usdPerMillion.value);
    // Rounds differ by 1 %, all batches alike; Student's t of two degrees of freedom widens that to 2.5 %.
    expect((usdPerMillion.high ?? 0) / (usdPerMillion.low ?? 0)).toBeLessThan(1.15);
  });
});

describe('what goes where', () => {
  it('prints the table on stdout and nothing on stderr', async () => {
    trial.write('r.json', serverResult());
    const { exitCode, stdout, stderr } = await trial.run(['r.json', ...onGolden]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('c7i.2xlarge');
    expect(stdout).toMatch(/no load was given/);
  });

  it('says how it was made and where it was measured', async () => {
    trial.write('r.json', serverResult());
    const result = await trial.resultOf(['r.json', ...onGolden]);
    expect(result).toMatchObject({
      kind: 'cost',
      command: ['infer', 'cost', 'r.json', ...onGolden, '--json'],
      createdAt: '2025-03-04T05:06:07.000Z',
      environment: serverResult().environment,
      models: [{ label: 'fp32.onnx', path: 'fp32.onnx', results: ['r.json'], accuracy: null }],
      curves: [{ result: 'r.json', kind: 'linear', threads: 8, instances: 1, meanOverMedian: 1, dims: {} }],
    });
    expect(result.curves[0]?.tau0Ms).toBeCloseTo(3.5, 6);
    expect(result.curves[0]?.alphaMs).toBeCloseTo(1.25, 6);
  });

  it('writes every option into a file, and refuses to write over what it reads', async () => {
    trial.write('r.json', serverResult());
    const path = join(trial.cwd, 'cost.json');
    const { exitCode } = await trial.run(['r.json', '--cloud', 'aws', '-o', path]);
    expect(exitCode).toBe(0);
    expect(costResultSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).options.length).toBeGreaterThan(20);
    const over = await trial.run(['r.json', '-o', join(trial.cwd, 'r.json')]);
    expect(over).toMatchObject({ exitCode: 2, stdout: '' });
    expect(over.stderr).toMatch(/it is an input of this very command/);
  });

  it.each(['table', 'csv', 'markdown', 'json', 'html'])('as %s', async (format) => {
    trial.write('r.json', serverResult());
    const { exitCode, stdout } = await trial.run(['r.json', ...onGolden, '--format', format]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('c7i.2xlarge');
  });

  it('is the same each time', async () => {
    trial.write('r.json', serverResult());
    const words = ['r.json', ...onGolden, '--rps', '200', '--slo', 'p99=60ms'];
    expect(await trial.resultOf(words)).toEqual(await trial.resultOf(words));
  });
});

describe('several models', () => {
  it('stand side by side with the saving and their accuracies', async () => {
    trial.write('r.json', resultOf(fp32, int8));
    trial.write('fp32.json', accuracyOf(fp32.sha256, 0.98));
    trial.write('int8.json', accuracyOf(int8.sha256, 0.97));
    const result = await trial.resultOf(['r.json', 'fp32.json', 'int8.json', ...onGolden, '--purchase', 'on-demand']);
    expect(result.models.map(({ label, accuracy }) => [label, accuracy?.value.value])).toEqual([
      ['fp32.onnx', 0.98],
      ['int8.onnx', 0.97],
    ]);
    const [first, second] = result.alternatives;
    expect(first).toMatchObject({ modelIndex: 0, ratio: null, isPareto: true });
    // Every run takes half as long.
    expect(second?.ratio?.value).toBeCloseTo(0.5, 6);
    expect(second).toMatchObject({ modelIndex: 1, isPareto: true });
    expect(result.warnings.map(({ code }) => code)).not.toContain('accuracy-missing');
  });

  it('may come from several files, one of which is there twice', async () => {
    trial.write('a.json', serverResult(fp32));
    trial.write('copy.json', serverResult(fp32));
    trial.write('b.json', serverResult(int8));
    const result = await trial.resultOf(['a.json', 'copy.json', 'b.json', ...onGolden]);
    expect(result.models.map(({ results }) => results)).toEqual([['a.json'], ['b.json']]);
    expect(result.warnings).toContainEqual({
      code: 'result-repeated',
      details: { path: 'copy.json', first: 'a.json' },
    });
  });

  it('answer one after another in a route', async () => {
    trial.write('r.json', resultOf(fp32, int8));
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand', '--batch', '8'];
    const { route, options } = await trial.resultOf([
      ...words,
      '--route',
      'int8.onnx,models/fp32.onnx',
      '--escalate',
      '20%',
    ]);
    const [small, large] = [1, 0].map((index) => options.find((option) => option.modelIndex === index));
    const expected = (small?.usdPerMillion.value ?? 0) + 0.2 * (large?.usdPerMillion.value ?? 0);
    expect(route?.usdPerMillion.value).toBeCloseTo(expected, 9);
    expect(route).toMatchObject({ escalated: 0.2, isWorthwhile: true });
    expect(route?.worthwhileBelow).toBeCloseTo(0.5, 6);
  });
});

describe('a load', () => {
  it('makes a fleet and a bill', async () => {
    trial.write('r.json', serverResult());
    const result = await trial.resultOf(['r.json', ...onGolden, '--purchase', 'on-demand', '--rps', '1000']);
    const option = optionOf(result, 'c7i.2xlarge');
    // 592.593 items a second of a machine at most, of which 60 % may be used: three.
    expect(option.machines?.value).toBe(3);
    expect(option.monthlyUsd?.value).toBeCloseTo(3 * 0.357 * 730, 6);
    expect(option.usdPerMillion.value).toBeCloseTo(((3 * 0.357) / 3600 / 1000) * 1e6, 9);
    expect(result.load).toMatchObject({ meanPerSecond: 1000, arrivals: 'poisson', variation: 1, cacheHit: 0 });
  });

  it('is the same told by the month', async () => {
    trial.write('r.json', serverResult());
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand'];
    const second = await trial.resultOf([...words, '--rps', '10']);
    const month = await trial.resultOf([...words, '--requests-per-month', '26.28M']);
    expect(month.load?.meanPerSecond).toBeCloseTo(10, 9);
    expect(optionOf(month, 'c7i.2xlarge').monthlyUsd).toEqual(optionOf(second, 'c7i.2xlarge').monthlyUsd);
  });

  it('that a cache takes a share of costs less for each request', async () => {
    trial.write('r.json', serverResult());
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand', '--rps', '1000'];
    const { load, options } = await trial.resultOf([...words, '--cache-hit', 'zipf:1,10000,500']);
    // Che's approximation of that cache.
    expect(load?.cacheHit).toBeCloseTo(0.5867, 4);
    expect(options[0]?.machines?.value).toBe(2);
  });

  it('has a peak that the fleet is sized for', async () => {
    trial.write('r.json', serverResult());
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand', '--rps', '1000'];
    expect((await trial.resultOf([...words, '--peak', '2x'])).load?.peakPerSecond).toBe(2000);
    const { load } = await trial.resultOf([...words, '--profile', 'office']);
    expect(load?.hourly).toHaveLength(24);
    expect(load?.peakPerSecond).toBeGreaterThan(1000);
  });

  it('may be a trace, which has a rate of its own', async () => {
    trial.write('r.json', serverResult());
    trial.write('trace.csv', ['t_s', ...Array.from({ length: 2001 }, (_, i) => i / 100)].join('\n'));
    const result = await trial.resultOf(['r.json', ...onGolden, '--arrivals', 'trace.csv']);
    expect(result.load).toMatchObject({ arrivals: 'trace', meanPerSecond: expect.closeTo(100, 6) });
    expect(result.load?.variation).toBeCloseTo(0, 3);
  });
});

describe('the exit code', () => {
  it('is 1 where nothing meets the objective', async () => {
    trial.write('r.json', serverResult());
    // Whoever comes first waits for a full batch, and at this load in vain.
    const words = ['r.json', ...onGolden, '--rps', '1', '--queue-delay', '80ms', '--batch', '8', '--slo', 'p99=50ms'];
    const { exitCode, stdout } = await trial.run(words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/nothing answers 99 % of the requests within 50(\.0)? ms/);
  });

  it('is 0 where something does', async () => {
    trial.write('r.json', serverResult());
    const { exitCode } = await trial.run(['r.json', ...onGolden, '--rps', '100', '--slo', 'p99=60ms']);
    expect(exitCode).toBe(0);
  });
});

describe('the config', () => {
  it('gives what the command line does not', async () => {
    trial.write('results/r.json', serverResult());
    trial.write(
      'infer.config.yaml',
      'cost: { results: [results/r.json], measuredOn: c7i.2xlarge, instance: "c7i.*", top: 3 }',
    );
    const result = await trial.resultOf([]);
    expect(result.models[0]?.results).toEqual(['results/r.json']);
    expect(new Set(result.options.map(({ instance }) => instance.split('.')[0]))).toEqual(new Set(['c7i']));
    const narrowed = await trial.resultOf(['--instance', 'c7i.2xlarge']);
    expect(new Set(narrowed.options.map(({ instance }) => instance))).toEqual(new Set(['c7i.2xlarge']));
  });

  it('adds prices, which those of the command line override', async () => {
    trial.write('r.json', serverResult());
    const row = (usd: number) => `name,cloud,region,onDemandUsdPerHour\nc7i.2xlarge,aws,us-east-1,${usd}\n`;
    trial.write('prices/config.csv', row(0.2));
    trial.write('own.csv', row(0.3));
    trial.write('infer.config.yaml', 'cost: { prices: prices/config.csv }');
    const words = ['r.json', ...onGolden, '--batch', '8', '--purchase', 'on-demand'];
    const costOf = async (more: readonly string[]) =>
      optionOf(await trial.resultOf([...words, ...more]), 'c7i.2xlarge');
    expect(await costOf([])).toMatchObject({ listedUsdPerHour: 0.2, flags: expect.arrayContaining(['user']) });
    expect(await costOf(['--prices', 'own.csv'])).toMatchObject({ listedUsdPerHour: 0.3 });
  });
});

describe('a workflow', () => {
  const steps = [
    'steps:',
    '  - { name: plan, api: gpt-5-nano, input: 1000, output: 100, latencyMs: 500 }',
    '  - { name: look, usd: 0.001, latencyMs: 50, fanOut: 2 }',
  ];
  /** Tokens at the prices of the catalog, and twice what the tool takes. */
  const ofApis = (1000 * 0.05 + 100 * 0.4) / 1e6 + 2 * 0.001;

  it('of APIs and tools alone needs nothing that was measured', async () => {
    trial.write('w.yaml', steps.join('\n'));
    const result = await trial.resultOf(['--workflow', 'w.yaml'], { runtime: scriptedRuntime() });
    expect(result.workflow?.usdPerRequest.value).toBeCloseTo(ofApis, 12);
    expect(result.workflow?.latencyMs?.meanMs.value).toBeCloseTo(550, 6);
    expect(result).toMatchObject({ models: [], options: [], warnings: [] });
    const { exitCode, stdout } = await trial.run(['--workflow', 'w.yaml'], { runtime: scriptedRuntime() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^w\.yaml\n/);
    expect(stdout).not.toContain('NONE');
  });

  it('calls a measured model at the price of a fleet for all of its calls', async () => {
    trial.write('r.json', serverResult(fp32));
    trial.write('w.yaml', [...steps, '  - { name: read, model: fp32, fanOut: 6 }'].join('\n'));
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand', '--workflow', 'w.yaml', '--rps', '100'];
    const { workflow } = await trial.resultOf(words);
    const read = workflow?.steps.at(-1);
    // 600 calls a second take two machines at most 60 % used: 592.593 a second each.
    expect(read).toMatchObject({ name: 'read', calls: 6, priceDate: '2026-07-20' });
    expect(read?.usd.value).toBeCloseTo((2 * 0.357) / 3600 / 100, 9);
    expect(workflow?.usdPerRequest.value).toBeCloseTo(ofApis + (read?.usd.value ?? 0), 12);
    expect(workflow?.monthlyUsd?.value).toBeCloseTo((workflow?.usdPerRequest.value ?? 0) * 100 * 730 * 3600, 6);
  });
});

describe('break-even', () => {
  it('with an API is where its bill passes that of the machines', async () => {
    trial.write('r.json', serverResult());
    const words = ['r.json', ...onGolden, '--purchase', 'on-demand', '--vs-api', 'gpt-5-nano', '--tokens', '1000,100'];
    const { apiBreakEven } = await trial.resultOf(words);
    const perRequest = (1000 * 0.05 + 100 * 0.4) / 1e6;
    expect(apiBreakEven?.apiUsdPerRequest).toBeCloseTo(perRequest, 15);
    expect(apiBreakEven?.requestsPerMonth?.value).toBeCloseTo((0.357 * 730) / perRequest, 3);
  });

  it('with a device is where the cloud has cost as much, up to what such a device was measured to serve', async () => {
    trial.write('r.json', serverResult());
    trial.write('pi.json', serverResult({ tau0Ms: 0, alphaMs: 100, threads: 4 }));
    const words = ['r.json', 'pi.json', '--instance', 'c7i.2xlarge', '--purchase', 'on-demand'];
    const { edgeBreakEven, options, cheapest } = await trial.resultOf([
      ...words,
      '--measured-on',
      'r.json=c7i.2xlarge',
      '--measured-on',
      'pi.json=device',
      '--edge',
      '365,10,3',
    ]);
    const monthly = 365 / 36 + (10 / 1000) * 730 * 0.15;
    const usdPerMillion = options[cheapest ?? -1]?.usdPerMillion.value ?? 0;
    expect(edgeBreakEven?.deviceUsdPerMonth).toBeCloseTo(monthly, 9);
    expect(edgeBreakEven?.requestsPerMonth?.value).toBeCloseTo((monthly / usdPerMillion) * 1e6, 3);
    expect(edgeBreakEven?.capacityPerMonth).toBeCloseTo(10 * 730 * 3600, 0);
  });
});
