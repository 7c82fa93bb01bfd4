import { describe, expect, it } from 'vitest';
import { costResultSchema } from '../../src/cost/cost-result.ts';
import { costCsv } from '../../src/report/cost-csv.ts';
import { costMarkdown } from '../../src/report/cost-markdown.ts';
import { costTable } from '../../src/report/cost-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { around, curve, exactly, excluded, option } from './cost-cases.ts';
import { fullCase, missedCase, plainCase, tokensCase } from './cost-result-cases.ts';
import { parseCsv } from './csv-parser.ts';
import { withTexts } from './html/html-cases.ts';

const style = { color: false, width: 120 };
const explained = { color: false, width: 200, view: { ...usualView, details: true, explain: true } };

describe.each([
  ['plain', plainCase()],
  ['full', fullCase()],
  ['missed', missedCase()],
  ['tokens', tokensCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(costResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(costTable(result, style)).toMatchFileSnapshot(`golden/cost-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(costMarkdown(result, style)).toMatchFileSnapshot(`golden/cost-${name}.md`);
  });

  it('is explained', async () => {
    await expect(costTable(result, explained)).toMatchFileSnapshot(`golden/cost-${name}-explained.txt`);
  });

  it('is written as CSV', async () => {
    await expect(costCsv(result)).toMatchFileSnapshot(`golden/cost-${name}.csv`);
  });
});

it('has the formats that make sense', () => {
  expect(formatsOf('cost')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
});

/** As many options as there are machines in a catalog. */
function manyOptions(count: number) {
  const options = Array.from({ length: count }, (_, index) =>
    option({ listed: 0.1 + index / 1000, rest: { instance: `m${index}.large` } }),
  );
  return plainCase({ options });
}

describe('costTable', () => {
  const shown = (text: string) => text.match(/^ {2}m\d+\.large/gm) ?? [];

  it('shows as many options as asked for, the cheapest ones, and how many there are more', () => {
    const text = costTable(manyOptions(13), style);
    expect(shown(text).map((name) => name.trim())).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}.large`));
    expect(text).toContain('… 3 more options');
    expect(shown(costTable(manyOptions(13), { ...style, view: { ...usualView, top: 3 } }))).toHaveLength(3);
    expect(shown(costTable(manyOptions(13), explained))).toHaveLength(13);
  });

  it('says under every table how old the oldest price is, and warns of it once', () => {
    const text = costTable(fullCase({ warnings: plainCase().warnings }), style);
    expect(text.match(/Oldest price used: of 2025-06-28, 447 days old/g)).toHaveLength(3);
    expect(text.match(/the oldest price is of 2025-06-28/g)).toHaveLength(1);
    const undated = costTable(plainCase({ prices: { oldest: null, undated: 4, daysOld: null } }), style);
    expect(undated).toContain('No price that was used has a date');
  });

  it('keeps cost, basis and marks in 80 columns, and says what it left out', () => {
    const text = costTable(fullCase(), { ...style, width: 80 });
    const header = /^ {2}model +instance .*$/m.exec(text)?.[0] ?? '';
    for (const name of ['buy', '$ per million', 'basis', 'marks']) expect(header).toContain(name);
    expect(text).toMatch(/too narrow for: /);
  });

  it('tells machines in several places apart, and names one place once', () => {
    expect(costTable(plainCase(), style)).toMatch(/^Options on aws us-east-1, the cheapest first$/m);
    expect(costTable(plainCase(), style)).not.toMatch(/^ .* where /m);
    expect(costTable(fullCase(), style)).toMatch(/c3-standard-8 +gcp us-central1/);
  });

  it('warns where the interval of the cheapest goes beyond the limit', () => {
    const sure = costTable(fullCase(), style);
    expect(sure).not.toContain('goes beyond the limit');
    const [first, ...others] = fullCase().options;
    if (first?.latencyMs == null) throw new Error('the case has a latency');
    const latencyMs = { ...first.latencyMs, objectiveMs: { value: 48, low: 40, high: 58 } };
    const text = costTable(fullCase({ options: [{ ...first, latencyMs }, ...others] }), {
      color: true,
      width: 1000,
    });
    const [, verdict = ''] = text.split('\n').filter((line) => line !== '');
    expect(verdict.startsWith('\u001B[33mPASS: ')).toBe(true);
    expect(verdict).toMatch(/p99 48\.0 \[40\.0, 58\.0\] ms \(measured\); its interval goes beyond the limit/);
  });

  it.each([
    [
      { value: 0.42, low: 0.4, high: 0.44 },
      /int8\.onnx instead of cnn\.onnx saves \$0\.420 \[0\.400, 0\.440\] per million/,
    ],
    [{ value: 0.02, low: -0.1, high: 0.14 }, /no saving shown \(\$0\.02 \[−0\.10, 0\.14\] per million/],
    [{ value: 0, low: null, high: null }, /no saving shown \(\$0 per million/],
    [{ value: -0.5, low: -0.6, high: -0.4 }, /costs more: saves −\$0\.50 \[−0\.60, −0\.40\] per million/],
  ])('says plainly what a saving of %j is', (savingPerMillionUsd, text) => {
    const [first, second] = fullCase().alternatives;
    if (first === undefined || second === undefined) throw new Error('the case has two models');
    const alternatives = [first, { ...second, savingPerMillionUsd, savingPerMonthUsd: null }];
    expect(costTable(fullCase({ alternatives }), { ...style, width: 400 })).toMatch(text);
  });

  it('says that nothing serves, and names what comes nearest to an objective', () => {
    const none = { ...plainCase(), options: [], cheapest: null, excluded: [excluded()] };
    expect(costTable(none, style)).toMatch(/^NONE: no machine serves this$/m);
    expect(costTable(missedCase(), style)).toMatch(
      /^FAIL: nothing has p95 ≤ 3 ms; nearest is own machine with 19\.4 ms$/m,
    );
  });

  it.each([
    [{ requestsPerMonth: null }, 'machines of one’s own are never cheaper'],
    [{ requestsPerMonth: exactly(0), utilization: null }, 'are cheaper from the first request on'],
    [
      { requestsPerMonth: around(2_074_000, 1.1) },
      'are cheaper from 2,070,000 [1,890,000, 2,280,000] requests a month on',
    ],
    [{ priceDate: null }, 'at a price without a date'],
  ])('says of an API with %j: %s', (sketch, text) => {
    const { apiBreakEven } = fullCase();
    if (apiBreakEven === null) throw new Error('the case has an API');
    const result = fullCase({ apiBreakEven: { ...apiBreakEven, ...sketch } });
    expect(costTable(result, { ...style, width: 1000 })).toContain(text);
  });

  it.each([
    [{ isWorthwhile: false, worthwhileBelow: 0.1 }, 'not worth it: less than 10 % would have to be passed on'],
    [{ isWorthwhile: false, worthwhileBelow: 0 }, 'never worth it, for the small model is no cheaper'],
  ])('says of a route with %j: %s', (sketch, text) => {
    const { route } = fullCase();
    if (route === null) throw new Error('the case has a route');
    expect(costTable(fullCase({ route: { ...route, ...sketch } }), { ...style, width: 1000 })).toContain(text);
  });

  it('tells what a device can do beside what it would have to', () => {
    const { edgeBreakEven } = fullCase();
    if (edgeBreakEven === null) throw new Error('the case has a device');
    const text = (capacityPerMonth: number | null) =>
      costTable(fullCase({ edgeBreakEven: { ...edgeBreakEven, capacityPerMonth } }), { ...style, width: 1000 });
    expect(text(3e8)).toMatch(/requests a month on; it serves up to 300,\d{3},000 a month as measured/);
    expect(text(9e7)).toMatch(/requests a month on, but it serves at most 90,000,000 a month/);
    expect(text(null)).not.toContain('as measured\n');
  });

  it('names what tells curves of one model apart', () => {
    const curves = [curve(), curve({ threads: 4, instances: 2 }), curve({ processor: 'Graviton3' })];
    const options = [option(), option({ rest: { curveIndex: 1 } }), option({ rest: { curveIndex: 2 } })];
    const text = costTable(plainCase({ curves, options }), { ...style, width: 300 });
    expect(text).toMatch(/cpu, 2 threads, on Intel/);
    expect(text).toMatch(/cpu, 4 threads, 2 at once/);
    expect(text).toMatch(/cpu, 2 threads, on Graviton3 /);
  });

  it('names the metric of each model where they have several', () => {
    const models = fullCase().models.map((model, index) => {
      const value = { value: 3.21, low: null, high: null };
      return index === 0 ? model : { ...model, accuracy: { metric: 'perplexity', higherIsBetter: false, value } };
    });
    const text = costTable(fullCase({ models }), style);
    expect(text).toMatch(/^ {2}cnn\.onnx +accuracy 98\.12 % \[/m);
    expect(text).toMatch(/^ {2}cnn\|int8\.onnx +perplexity 3\.21 /m);
  });

  it('has ANSI codes only with color', () => {
    expect(costTable(fullCase(), style)).not.toContain('\u001B');
    expect(costTable(missedCase(), { ...style, color: true })).toContain('\u001B[31mFAIL');
  });

  it('lets no name control the terminal', () => {
    const text = costTable(withTexts(fullCase(), 'a\u001B]0;title\u0007'), explained);
    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('\u0007');
  });
});

describe('costMarkdown', () => {
  it('keeps names from turning into markup', () => {
    expect(costMarkdown(fullCase(), explained)).not.toMatch(/[^\\ ]\|[a-z]/);
  });
});

describe('costCsv', () => {
  const [header = [], ...records] = parseCsv(costCsv(fullCase()));
  const cell = (record: readonly string[] | undefined, name: string) => record?.[header.indexOf(name)];

  it('has a record for every option as ranked, and for every machine without figures', () => {
    expect(records).toHaveLength(7 + 3);
    expect(records.every((record) => record.length === header.length)).toBe(true);
    expect(new Set(header).size).toBe(header.length);
    expect(records.map((record) => cell(record, 'rank'))).toEqual(['1', '2', '3', '4', '5', '6', '7', '', '', '']);
  });

  it('has every digit, and the reason of what fails', () => {
    expect(Number(cell(records[3], 'usdPerMillion'))).toBeCloseTo((2 * 0.357 * 1e6) / 3600 / 400, 12);
    expect(cell(records[3], 'flags')).toBe('');
    expect(cell(records[0], 'flags')).toBe('spot-older');
    expect([4, 5, 6, 7, 9].map((row) => cell(records[row], 'obstacle'))).toEqual([
      '',
      'cost-objective-missed',
      'cost-overload',
      'cost-does-not-fit',
      'cost-no-projection',
    ]);
    expect([0, 5, 7].map((row) => cell(records[row], 'serves'))).toEqual(['true', 'false', '']);
  });
});
