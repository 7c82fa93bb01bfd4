import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseAssignment,
  parseCount,
  parseDurationMs,
  parseList,
  parseName,
  parseNonNegative,
  parseShape,
  parseShare,
} from '../../src/cli/value-syntax.ts';
import { thrownFinding } from './thrown-finding.ts';

const list = (text: string, least = 1) => parseList({ flag: '--batch', text }, least);
const as = (text: string) => ({ flag: '--some', text });

describe('parseList', () => {
  it.each([
    ['7', [7]],
    ['1,2,4', [1, 2, 4]],
    [' 1 , 2 ', [1, 2]],
    ['1-32*2', [1, 2, 4, 8, 16, 32]],
    ['1-100*10', [1, 10, 100]],
    ['3-40*3', [3, 9, 27]],
    ['1-9+2', [1, 3, 5, 7, 9]],
    ['1-10+4', [1, 5, 9]],
    ['1-4', [1, 2, 3, 4]],
    ['5-5', [5]],
    ['1-3,8-32*2,2', [1, 2, 3, 8, 16, 32]],
  ])('%s', (text, values) => {
    expect(list(text)).toEqual(values);
  });

  it('takes 0 where it is allowed', () => {
    expect(list('0,128', 0)).toEqual([0, 128]);
    expect(list('0-2', 0)).toEqual([0, 1, 2]);
  });

  it.each([
    ['0', /below 1/],
    ['1-', /not a number or a range/],
    ['-4', /not a number or a range/],
    ['4-1', /runs downward/],
    ['1-8*1', /never ends/],
    ['1-8*0', /never ends/],
    ['1-8+0', /never ends/],
    ['a', /not a number or a range/],
    ['', /not a number or a range/],
    ['1,,2', /not a number or a range/],
    ['1.5', /not a number or a range/],
    ['1e3', /not a number or a range/],
    ['0x10', /not a number or a range/],
    ['1-8*2*2', /not a number or a range/],
    ['1-1000000', /more than 10000 values/],
    ['99999999999999999999', /too large/],
    ['1-99999999999999999999*2', /too large/],
    ['9'.repeat(400), /too large/],
  ])('refuses %s', (text, problem) => {
    expect(thrownFinding(() => list(text))).toEqual({
      code: 'bad-list',
      details: { flag: '--batch', value: text, problem: expect.stringMatching(problem) },
    });
  });

  it('refuses a geometric range from 0, which would never grow', () => {
    expect(thrownFinding(() => list('0-8*2', 0))?.code).toBe('bad-list');
  });

  it('multiplies or adds until just before the end would be passed', () => {
    const range = fc.record({
      first: fc.integer({ min: 1, max: 500 }),
      length: fc.integer({ min: 0, max: 5000 }),
      operator: fc.constantFrom('*', '+'),
      step: fc.integer({ min: 2, max: 9 }),
    });
    fc.assert(
      fc.property(range, ({ first, length, operator, step }) => {
        const last = first + length;
        const values = list(`${first}-${last}${operator}${step}`);
        const next = (value: number) => (operator === '*' ? value * step : value + step);
        expect(values[0]).toBe(first);
        values.slice(1).forEach((value, at) => expect(value).toBe(next(values[at] ?? 0)));
        expect(values.at(-1)).toBeLessThanOrEqual(last);
        expect(next(values.at(-1) ?? 0)).toBeGreaterThan(last);
      }),
    );
  });

  it('reads back any list of distinct numbers as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1 }), (values) => {
        expect(list(values.join(','))).toEqual(values);
      }),
    );
  });

  it('never fails in another way than by naming the flag', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123459-*+,. a') });
    const outcomes = fc.sample(text, { numRuns: 500, seed: 1 }).map((sample) => thrownFinding(() => list(sample)));
    const failures = outcomes.filter((finding) => finding !== null);
    expect(failures.length).toBeGreaterThan(100);
    for (const failure of failures) expect(failure).toMatchObject({ code: 'bad-list', details: { flag: '--batch' } });
  });
});

describe('parseCount', () => {
  it('reads whole numbers from its least on', () => {
    expect(parseCount(as('12'))).toBe(12);
    expect(parseCount(as('0'), 0)).toBe(0);
  });

  it.each(['0', '-1', '1.5', 'a', '', '9007199254740993'])('refuses %s', (text) => {
    expect(thrownFinding(() => parseCount(as(text)))).toMatchObject({
      code: 'bad-value',
      details: { flag: '--some', value: text },
    });
  });
});

describe('parseDurationMs', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2000],
    ['1.5s', 1500],
    ['3m', 180_000],
    ['3min', 180_000],
    ['1h', 3_600_000],
    ['2', 2000],
    [' 20 ms ', 20],
  ])('%s', (text, ms) => {
    expect(parseDurationMs(as(text))).toBe(ms);
  });

  it.each(['0', '0s', '-1s', 'abc', '5x', '', 's', '1e3s', '1 2s'])('refuses %s', (text) => {
    expect(thrownFinding(() => parseDurationMs(as(text)))?.code).toBe('bad-value');
  });
});

describe('parseShare', () => {
  it.each([
    ['3%', 0.03],
    ['0.5%', 0.005],
    ['0.03', 0.03],
  ])('%s', (text, share) => {
    expect(parseShare(as(text))).toBeCloseTo(share, 12);
  });

  it.each(['0', '0%', '100%', '1', '3', '-1%', '%', ''])('refuses %s', (text) => {
    expect(thrownFinding(() => parseShare(as(text)))?.code).toBe('bad-value');
  });
});

describe('parseNonNegative', () => {
  it('reads decimal and scientific numbers', () => {
    expect(parseNonNegative(as('1e-3'))).toBe(0.001);
    expect(parseNonNegative(as('0'))).toBe(0);
  });

  it.each(['-1', 'NaN', 'Infinity', '', ' ', 'a'])('refuses %j', (text) => {
    expect(thrownFinding(() => parseNonNegative(as(text)))?.code).toBe('bad-value');
  });
});

describe('parseShape', () => {
  it('reads axis lengths, empty ones too', () => {
    expect(parseShape(as('1x3x224x224'))).toEqual([1, 3, 224, 224]);
    expect(parseShape(as('1x0'))).toEqual([1, 0]);
    expect(parseShape(as('16'))).toEqual([16]);
  });

  it.each(['', '1x', 'x1', '1,3', '1xax3', '-1x3', '1×3'])('refuses %j', (text) => {
    expect(thrownFinding(() => parseShape(as(text)))?.code).toBe('bad-value');
  });
});

describe('parseAssignment', () => {
  it('splits at the first =', () => {
    expect(parseAssignment(as('a=b'))).toEqual(['a', 'b']);
    expect(parseAssignment(as('x#1=a=b'))).toEqual(['x#1', 'a=b']);
  });

  it.each(['a', '=b', 'a=', '='])('refuses %s', (text) => {
    expect(thrownFinding(() => parseAssignment(as(text)))?.code).toBe('bad-value');
  });

  it('gives back any name without = and any value', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('='));
    fc.assert(
      fc.property(name, fc.string({ minLength: 1 }), (key, value) => {
        expect(parseAssignment(as(`${key}=${value}`))).toEqual([key, value]);
      }),
    );
  });
});

describe('parseName', () => {
  it('finds a name, and lists those there are when it does not', () => {
    expect(parseName(as('cpu'), ['cpu', 'cuda'])).toBe('cpu');
    expect(thrownFinding(() => parseName(as('gpu'), ['cpu', 'cuda']))).toEqual({
      code: 'unknown-name',
      details: { what: '--some', value: 'gpu', known: ['cpu', 'cuda'] },
    });
  });
});
