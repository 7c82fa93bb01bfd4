import { describe, expect, it } from 'vitest';
import {
  parseArrivals,
  parseCache,
  parseDelayMs,
  parseEdge,
  parseInterruptions,
  parseMeasuredOn,
  parseNumbers,
  parsePair,
  parsePart,
  parsePositive,
  parsePricePerHour,
  parseProfile,
  parseRate,
  parseTokens,
  parseUsd,
  parseUse,
} from '../../src/cli/cost-syntax.ts';
import { parseObjective } from '../../src/cli/objective-syntax.ts';
import { thrownFinding } from './thrown-finding.ts';

const flag = '--flag';
/** What a text is read as, by the parser of a flag. */
const reading =
  <T>(parse: (flagText: { flag: string; text: string }) => T) =>
  (text: string) =>
    parse({ flag, text });

const refusal = (expected: unknown, value: string) => ({
  code: 'bad-value',
  details: { flag, value, expected: expect.stringMatching(expected instanceof RegExp ? expected : /./) },
});

describe('shares', () => {
  it.each([
    ['0', 0],
    ['0.3', 0.3],
    ['30%', 0.3],
    ['.5', 0.5],
    ['12.5 %', 0.125],
    ['0%', 0],
  ])('%s is a part', (text, value) => {
    expect(reading(parsePart)(text)).toBeCloseTo(value, 12);
  });

  it.each(['1', '100%', '-0.1', '30', 'half', '', '%', '1e400', 'NaN'])('%s is none', (text) => {
    expect(thrownFinding(() => reading(parsePart)(text))).toEqual(refusal(/share from 0 to below 1/, text));
  });

  it('may be whole of what is used, and never nothing of it', () => {
    expect([reading(parseUse)('1'), reading(parseUse)('100%'), reading(parseUse)('0.6')]).toEqual([1, 1, 0.6]);
    for (const text of ['0', '1.2', '60'])
      expect(thrownFinding(() => reading(parseUse)(text))).toEqual(refusal(/above 0 and up to 1/, text));
  });
});

describe('rates of requests', () => {
  const read = (text: string) => parseRate({ flag, text }, 'a rate');

  it.each([
    ['200', 200],
    ['0.5', 0.5],
    ['250k', 250_000],
    ['30M', 30e6],
    ['1.5 m', 1.5e6],
    ['2e3', 2000],
    ['2B', 2e9],
  ])('%s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each(['0', '-3', '10x', 'k', '', '1_000', 'Infinity'])('%s is none', (text) => {
    expect(thrownFinding(() => read(text))).toEqual(refusal(/a rate/, text));
  });
});

describe('the objective', () => {
  it.each([
    ['p99=50ms', 99, 50],
    ['P99.9<=2s', 99.9, 2000],
    ['p50 ≤ 10ms', 50, 10],
    ['p95 = 1m', 95, 60_000],
  ])('%s', (text, percentile, limitMs) => {
    expect(reading(parseObjective)(text)).toEqual({ percentile, limitMs });
  });

  // A bare number could be meant in ms as well as in seconds.
  it.each(['p99=50', 'p10=5ms', 'p100=5ms', '99=5ms', 'p99', '50ms', 'p99=fast'])('%s is none', (text) => {
    expect(thrownFinding(() => reading(parseObjective)(text))?.code).toBe('bad-value');
  });

  it('needs a limit that can be met', () => {
    expect(thrownFinding(() => reading(parseObjective)('p99=0ms'))?.code).toBe('bad-value');
  });
});

describe('delays', () => {
  it.each([
    ['0', 0],
    ['0ms', 0],
    ['5ms', 5],
    ['0.5ms', 0.5],
    ['1s', 1000],
  ])('%s', (text, ms) => {
    expect(reading(parseDelayMs)(text)).toBe(ms);
  });

  it.each(['5', 'soon', '-1ms'])('%s is none', (text) => {
    expect(thrownFinding(() => reading(parseDelayMs)(text))?.code).toBe('bad-value');
  });
});

describe('prices', () => {
  it.each([
    ['0.40/h', 0.4],
    ['$0.40/h', 0.4],
    ['0.40', 0.4],
    ['1.5 / hour', 1.5],
    ['$ 2', 2],
  ])('%s an hour', (text, value) => {
    expect(reading(parsePricePerHour)(text)).toBe(value);
  });

  it.each(['0', '0/h', '-0.4/h', '0.40/month', '€0.40/h', '0.4 EUR/h', 'free', '/h'])('%s is none', (text) => {
    expect(thrownFinding(() => reading(parsePricePerHour)(text))).toMatchObject({ code: 'bad-value' });
  });

  it('of anything else may be 0', () => {
    expect([reading(parseUsd)('0'), reading(parseUsd)('$0.15')]).toEqual([0, 0.15]);
    expect(thrownFinding(() => reading(parseUsd)('-1'))?.code).toBe('bad-value');
  });

  it('come as many as they should be', () => {
    const read = (text: string) => parseNumbers({ flag, text }, 2, 'two');
    expect(read('0.0000166667, $2e-7')).toEqual([0.0000166667, 2e-7]);
    for (const text of ['1', '1,2,3', '1,', 'a,b', '-1,2'])
      expect(thrownFinding(() => read(text))?.code).toBe('bad-value');
  });

  it('are above 0 where they must be', () => {
    expect(parsePositive({ flag, text: '1.2' }, 'x')).toBe(1.2);
    expect(thrownFinding(() => parsePositive({ flag, text: '0' }, 'x'))).toEqual(refusal(/^x$/, '0'));
  });
});

describe('interruptions of spot machines', () => {
  it('are told by the hour or by the month', () => {
    expect(reading(parseInterruptions)('0.01/h')).toBe(0.01);
    // 5 % of machines gone after 730 hours: e^(-730 h) = 0.95.
    expect(Math.exp(-730 * reading(parseInterruptions)('5%/month'))).toBeCloseTo(0.95, 12);
    expect(reading(parseInterruptions)('0/h')).toBe(0);
  });

  it.each(['0.01', '100%/month', '5/week', '-1/h'])('%s is none', (text) => {
    expect(thrownFinding(() => reading(parseInterruptions)(text))?.code).toBe('bad-value');
  });
});

describe('patterns', () => {
  it('of a cache', () => {
    expect(reading(parseCache)('30%')).toEqual({ kind: 'share', hit: 0.3 });
    expect(reading(parseCache)('zipf:0.8,10000,500')).toEqual({ kind: 'zipf', exponent: 0.8, keys: 10_000, size: 500 });
    for (const text of ['zipf:1,100', 'zipf:1,100,100', 'zipf:1,100,0', 'zipf:1,100.5,3', 'zipf:1,1e9,3', 'zipf:', '1'])
      expect(thrownFinding(() => reading(parseCache)(text))?.code).toBe('bad-value');
  });

  it('of a day', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    expect(reading(parseProfile)('office')).toEqual({ name: 'office' });
    expect(reading(parseProfile)(hours.join(', '))).toEqual({ hours });
    for (const text of ['1,2,3', Array(24).fill('0').join(','), Array(24).fill('-1').join(',')])
      expect(thrownFinding(() => reading(parseProfile)(text))?.code).toBe('bad-value');
  });

  it('of arrivals', () => {
    expect(reading(parseArrivals)('poisson')).toEqual({ kind: 'poisson' });
    expect(reading(parseArrivals)('gamma:13.2')).toEqual({ kind: 'gamma', variation: 13.2 });
    expect(reading(parseArrivals)('traces/monday.CSV')).toEqual({ path: 'traces/monday.CSV' });
    for (const text of ['gamma', 'gamma:0', 'gamma:x', 'bursty', 'trace.json'])
      expect(thrownFinding(() => reading(parseArrivals)(text))?.code).toBe('bad-value');
  });
});

describe('pairs', () => {
  it('of models', () => {
    expect(parsePair({ flag, text: 'int8.onnx, fp32.onnx' }, 'x')).toEqual(['int8.onnx', 'fp32.onnx']);
    for (const text of ['a', 'a,', 'a,a', 'a,b,c'])
      expect(thrownFinding(() => parsePair({ flag, text }, 'x'))?.code).toBe('bad-value');
  });

  it('of a result and what it was measured on', () => {
    expect(reading(parseMeasuredOn)('c7i.2xlarge')).toEqual(['', 'c7i.2xlarge']);
    expect(reading(parseMeasuredOn)('a=b.json=aws/us-east-1/c7i.large')).toEqual([
      'a=b.json',
      'aws/us-east-1/c7i.large',
    ]);
    for (const text of ['', '=x', 'r.json='])
      expect(thrownFinding(() => reading(parseMeasuredOn)(text))?.code).toBe('bad-value');
  });

  it('of tokens', () => {
    expect(reading(parseTokens)('1000,250')).toEqual({ input: 1000, output: 250 });
    expect(reading(parseTokens)('512,0')).toEqual({ input: 512, output: 0 });
    for (const text of ['1000', '0,0', '1.5,2', '1,2,3', 'many,few'])
      expect(thrownFinding(() => reading(parseTokens)(text))?.code).toBe('bad-value');
  });
});

describe('devices', () => {
  it('have a price, watts and years', () => {
    expect(reading(parseEdge)('$249,15,3')).toEqual({ deviceUsd: 249, watts: 15, years: 3 });
    expect(reading(parseEdge)('249,0,0.5')).toEqual({ deviceUsd: 249, watts: 0, years: 0.5 });
    for (const text of ['249,15', '0,15,3', '249,15,0', 'a,b,c'])
      expect(thrownFinding(() => reading(parseEdge)(text))?.code).toBe('bad-value');
  });
});
