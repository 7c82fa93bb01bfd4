import { Command } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addCostOptions } from '../../src/cli/cost-options.ts';
import type { CostFlags } from '../../src/cli/cost-options.ts';
import { readCostRequest } from '../../src/cli/read-cost-request.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** The request that words become, results and models named in front. */
function requestOf(...words: readonly string[]) {
  const command = addCostOptions(new Command(), ['table', 'json']).exitOverride();
  command.parse([...words], { from: 'user' });
  const { args } = command;
  return readCostRequest(command.opts<CostFlags>(), { files: args, cwd: files.folder, budgetIsHard: false });
}
const settingsOf = (...words: readonly string[]) => requestOf('r.json', ...words).settings;

describe('without flags', () => {
  it('asks for unit costs everywhere, bought on demand and on the spot market', () => {
    expect(requestOf('a.json', 'b.json')).toEqual({
      resultPaths: ['a.json', 'b.json'],
      measure: null,
      settings: {
        load: null,
        objective: null,
        balancing: 'round-robin',
        targetUtilization: 0.6,
        minReplicas: 1,
        spareReplicas: 0,
        batch: null,
        queueDelayMs: null,
        purchases: ['on-demand', 'spot'],
        reservedDiscount: null,
        ownUsdPerHour: null,
        serverless: null,
        spot: { fallback: 0, interruptionsPerHour: null, lostSeconds: 300 },
        powerUsageEffectiveness: 1.15,
        gramsPerKwh: null,
        simulate: true,
        requestsSimulated: 20_000,
        seed: 0,
      },
      filter: { instances: [], clouds: [], regions: [] },
      measuredOn: {},
      pricePaths: [],
      route: null,
      api: null,
      edge: null,
      workflowPath: null,
    });
  });
});

describe('ways to buy', () => {
  it('are all that have a price', () => {
    expect(settingsOf('--price', '$0.40/h', '--reserved-discount', '35%').purchases).toEqual([
      'on-demand',
      'spot',
      'reserved',
      'own',
    ]);
    const { serverless, purchases } = settingsOf('--serverless', '0.0000166667,0.0000002');
    expect(purchases).toEqual(['on-demand', 'spot', 'serverless']);
    expect(serverless).toEqual({ usdPerGbSecond: 0.0000166667, usdPerRequest: 0.0000002 });
  });

  it('are those that are picked, in the usual order', () => {
    expect(settingsOf('--purchase', 'spot, on-demand').purchases).toEqual(['on-demand', 'spot']);
    expect(settingsOf('--purchase', 'own', '--price', '0.4').purchases).toEqual(['own']);
  });

  it('have their terms', () => {
    const { spot } = settingsOf('--spot-fallback', '20%', '--spot-interruptions', '0.05/h', '--spot-lost', '2m');
    expect(spot).toEqual({ fallback: 0.2, interruptionsPerHour: 0.05, lostSeconds: 120 });
  });
});

describe('the load', () => {
  it('is told by the second or by the month', () => {
    expect(settingsOf('--rps', '100').load).toMatchObject({ meanPerSecond: 100, peakPerSecond: 100, hourly: null });
    expect(settingsOf('--rps', '100').load?.requestsPerMonth).toBe(100 * 730 * 3600);
    expect(settingsOf('--requests-per-month', '2.628M').load?.meanPerSecond).toBeCloseTo(1, 9);
  });

  it('has the profile of a day, in any unit', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 10 : 30));
    const { load } = settingsOf('--rps', '100', '--profile', hours.join(','));
    expect(load?.peakPerSecond).toBeCloseTo(150, 9);
    expect(load?.hourly?.slice(11, 13)).toEqual([0.5, 1.5]);
    expect(settingsOf('--rps', '100', '--profile', 'flat').load).toEqual(settingsOf('--rps', '100').load);
  });

  it('arrives in a pattern, and a cache takes some of it', () => {
    expect(settingsOf('--rps', '5', '--arrivals', 'gamma:2', '--cache-hit', '30%').load).toMatchObject({
      arrivals: { kind: 'gamma', variation: 2 },
      cacheHit: 0.3,
    });
  });

  it('is stretched where a trace comes with a rate', () => {
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(join(files.folder, 't.csv'), 't_ms\n0\n10\n20\n');
    expect(settingsOf('--arrivals', 't.csv').load?.meanPerSecond).toBeCloseTo(100, 9);
    expect(settingsOf('--arrivals', 't.csv', '--rps', '7').load).toMatchObject({
      meanPerSecond: 7,
      arrivals: { kind: 'trace', path: 't.csv' },
    });
  });
});

describe('how much is simulated', () => {
  it.each([
    [[], 20_000],
    [['--slo', 'p99=50ms'], 20_000],
    // Thirty requests in a thousandth of what is left after the warm-up.
    [['--slo', 'p99.9=50ms'], 33_334],
    [['--slo', 'p99.9=50ms', '--simulated-requests', '5000'], 5000],
  ])('%j', (words, requests) => {
    expect(settingsOf(...words).requestsSimulated).toBe(requests);
  });

  it('is nothing with --fast', () => {
    expect(settingsOf('--fast').simulate).toBe(false);
  });
});

describe('questions', () => {
  it('are read as they are asked', () => {
    const request = requestOf(
      'r.json',
      '--route',
      'small.onnx,large.onnx',
      '--escalate',
      '20%',
      '--vs-api',
      'gpt-5',
      '--tokens',
      '1000,250',
      '--cached',
      '50%',
      '--edge',
      '249,15,3',
      '--kwh-price',
      '$0.2',
      '--workflow',
      'agent.yaml',
      '--prices',
      'a.csv',
      '--prices',
      'b.yaml',
    );
    expect(request).toMatchObject({
      route: { small: 'small.onnx', large: 'large.onnx', escalated: 0.2 },
      api: { model: 'gpt-5', inputTokens: 1000, outputTokens: 250, cachedShare: 0.5 },
      edge: { deviceUsd: 249, watts: 15, years: 3, usdPerKwh: 0.2 },
      workflowPath: 'agent.yaml',
      pricePaths: ['a.csv', 'b.yaml'],
    });
  });

  it('are narrowed to machines', () => {
    const { filter, measuredOn } = requestOf(
      'a.json',
      'b.json',
      '--instance',
      'c7i.*,m7*',
      '--instance',
      'g6*',
      '--cloud',
      'aws',
      '--region',
      'us-east-1',
      '--measured-on',
      'c7i.large',
      '--measured-on',
      'b.json=device',
    );
    expect(filter).toEqual({ instances: ['c7i.*', 'm7*', 'g6*'], clouds: ['aws'], regions: ['us-east-1'] });
    expect(measuredOn).toEqual({ '': 'c7i.large', 'b.json': 'device' });
  });
});

describe('a model to measure', () => {
  it('is measured as infer bench would, over batches', () => {
    const { measure, resultPaths } = requestOf('m.onnx', 'r.json', 'm.onnx', '--threads', '1,2', '--dim', 'seq=64');
    const listOf = (list: unknown) => (typeof list === 'function' ? list(4) : list);
    expect([listOf(measure?.threads), listOf(measure?.instances)]).toEqual([[1, 2], [1]]);
    expect(resultPaths).toEqual(['r.json']);
    expect(measure).toMatchObject({
      models: ['m.onnx'],
      batches: [1, 2, 4, 8, 16, 32],
      providers: ['cpu'],
      dims: { seq: [64] },
      protocol: { rounds: 3, budgetMs: 60_000, budgetIsHard: false, seed: 0 },
    });
  });

  it('is measured at the batch that is to be served, too', () => {
    expect(requestOf('m.onnx', '--batch', '24').measure?.batches).toEqual([1, 2, 4, 8, 16, 32, 24]);
  });
});
