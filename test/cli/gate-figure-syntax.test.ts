import { describe, expect, it } from 'vitest';
import { parseLatencyBudget, readBudget, readFloor, readTolerance } from '../../src/cli/gate-figure-syntax.ts';
import { thrownFinding } from './thrown-finding.ts';

describe('a budget', () => {
  it.each([
    ['latency-p99', 'p99 <= 20ms', 20],
    ['latency-p99', 'latency-p99<=20ms', 20],
    ['latency-p50', '<= .5 ms', 0.5],
    ['latency-p50', '≤ 1.5s', 1500],
    ['load-time', '250us', 0.25],
    ['first-run', '250 µs', 0.25],
    ['throughput', '>= 100/s', 100],
    ['throughput', '≥ 12.5', 12.5],
    ['peak-memory', '<= 512MiB', 512 * 2 ** 20],
    ['file-size', '10MB', 1e7],
    ['file-size', '1024', 1024],
    ['parameters', '<= 5M', 5e6],
    ['macs', '<= 1.2G', 1.2e9],
    ['nodes', '300', 300],
    ['cpu-fallback-nodes', '<= 0', 0],
  ] as const)('of %s: %s', (metric, text, value) => {
    expect(readBudget(metric, text)).toEqual({ value: expect.closeTo(value, 9) });
  });

  it.each([
    // Not of this metric's kind.
    ['latency-p99', '20MB', 'a time such as 20ms'],
    ['latency-p99', '20', 'a time such as 20ms'],
    ['latency-p99', 'soon', 'a time such as 20ms'],
    ['latency-p99', '', 'a time such as 20ms'],
    ['latency-p99', '-5ms', 'a time such as 20ms'],
    ['file-size', '5ms', 'a size such as 10MB or 10MiB'],
    ['throughput', '>= 10ms', 'a rate such as 100/s'],
    ['nodes', '1.5x', 'a number such as 12 or 5M'],
    // Of no model ever reached, or never missed.
    ['latency-p99', '<= 0ms', 'a budget that can be met: a time such as 20ms'],
    ['throughput', '>= 0', 'a budget that can be met: a rate such as 100/s'],
    ['latency-p99', '>= 20ms', 'a limit from above such as "<= 20ms"'],
    ['throughput', '<= 100/s', 'a limit from below such as ">= 100/s"'],
    // Of another metric.
    ['latency-p99', 'p50 <= 20ms', 'a budget of latency-p99 such as "<= 20ms"'],
    ['quality', '5', 'a figure: it has none'],
  ] as const)('of %s is not %j', (metric, text, expected) => {
    expect(readBudget(metric, text)).toEqual({ expected });
  });
});

it.each([
  ['latency-p50', '0.05ms', { value: 0.05 }],
  ['arena-peak', '64KiB', { value: 65_536 }],
  ['arena-peak', '0', { value: 0 }],
  ['latency-p50', '5%', { expected: 'a time such as 20ms' }],
] as const)('a floor of %s: %s', (metric, text, found) => {
  expect(readFloor(metric, text)).toEqual(found);
});

it.each([
  ['5%', { value: 0.05 }],
  ['0.05', { value: 0.05 }],
  ['0', { value: 0 }],
  ['.5 %', { value: 0.005 }],
  ['150%', { value: 1.5 }],
  ['5', { expected: 'a share such as 5% or 0.05' }],
  ['-5%', { expected: 'a share such as 5% or 0.05' }],
  ['much', { expected: 'a share such as 5% or 0.05' }],
])('a tolerance: %s', (text, found) => {
  expect(readTolerance(text)).toEqual(found);
});

describe('--max-latency', () => {
  const parse = (text: string) => parseLatencyBudget({ flag: '--max-latency', text });

  it.each([
    ['p99=20ms', ['latency-p99', 20]],
    ['P50 <= 1.5ms', ['latency-p50', 1.5]],
    ['p95≤2s', ['latency-p95', 2000]],
  ])('%s', (text, found) => {
    expect(parse(text)).toEqual(found);
  });

  it.each([
    ['20ms', 'a percentile and a time such as p99=20ms (p10, p50, p90, p95, p99)'],
    ['p42=20ms', 'a percentile and a time such as p99=20ms (p10, p50, p90, p95, p99)'],
    ['p99=20MB', 'a time such as 20ms'],
    ['p99=0ms', 'a budget that can be met: a time such as 20ms'],
  ])('%s is none', (value, expected) => {
    expect(thrownFinding(() => parse(value))).toEqual({
      code: 'bad-value',
      details: { flag: '--max-latency', value, expected },
    });
  });
});
