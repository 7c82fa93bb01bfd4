import { describe, expect, it } from 'vitest';
import { gateResultSchema } from '../../src/gate/gate-result.ts';
import { gateCsv } from '../../src/report/gate-csv.ts';
import { gateCommentMarker, gateMarkdown } from '../../src/report/gate-markdown.ts';
import { gateTable } from '../../src/report/gate-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { cell, failedCase, gateResult, interruptedCase, passedCase } from './gate-cases.ts';
import { hostileCase, hostileName, manyCase } from './gate-hard-cases.ts';

const style = { color: false, width: 160 };
const detailed = { ...style, view: { ...usualView, details: true } };

describe.each([
  ['passed', passedCase()],
  ['failed', failedCase()],
  ['interrupted', interruptedCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(gateResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(gateTable(result, style)).toMatchFileSnapshot(`golden/gate-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(gateMarkdown(result, style)).toMatchFileSnapshot(`golden/gate-${name}.md`);
  });

  it('is written as CSV', async () => {
    await expect(gateCsv(result)).toMatchFileSnapshot(`golden/gate-${name}.csv`);
  });
});

it('has the formats that make sense', () => {
  expect(formatsOf('gate')).toEqual(
    expect.arrayContaining(['table', 'json', 'csv', 'markdown', 'junit', 'github', 'benchmark-action']),
  );
});

describe('gateTable', () => {
  it('adds the plan, the noise and the tests with details', async () => {
    await expect(gateTable(failedCase(), { ...detailed, width: 200 })).toMatchFileSnapshot('golden/gate-details.txt');
  });

  it('explains below the figures where there is no room beside them', async () => {
    const text = gateTable(failedCase(), { ...style, width: 80 });
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expect(text).toMatchFileSnapshot('golden/gate-narrow.txt');
  });

  it('explains what passed only with details there', () => {
    expect(gateTable(passedCase(), { ...style, width: 80 })).not.toContain('within the +10 %');
    expect(gateTable(passedCase(), { ...detailed, width: 80 })).toContain('within the +10 %');
  });

  it('has ANSI codes only with color', () => {
    expect(gateTable(failedCase(), style)).not.toContain('\u001B');
    expect(gateTable(failedCase(), { ...style, color: true })).toContain('\u001B[31mFAIL');
  });

  it('lets no name control the terminal, nor a line begin as a workflow command', () => {
    const text = gateTable(hostileCase(), { ...detailed, width: 90 });
    expect(text).not.toMatch(/[^\n\P{Cc}]/u);
    expect(text).not.toMatch(/^::/m);
  });

  it('says when nothing decided', () => {
    expect(gateTable(gateResult({ verdict: 'fail' }), style)).toMatch(/^FAIL\n0 cells in 1 scenario\n/);
  });

  it('names three cells that decided, and counts the others', () => {
    expect(gateTable(manyCase(5, 'fail'), style)).toMatch(
      /^FAIL: (latency-p50 of .*; ){2}latency-p50 .*; ?\n?and 2 more$/m,
    );
  });

  it('shows a reason of another version as it is', () => {
    const strange = { ...cell({ metric: 'nodes', reason: { code: 'no-base', details: {} } }), verdict: 'new' as const };
    const result = gateResult({ cells: [{ ...strange, reason: { code: 'by-magic', details: { a: 1 } } }] });
    expect(gateTable(result, style)).toContain('by-magic {"a":1}');
  });
});

describe('gateMarkdown', () => {
  it('begins with the marker that a comment is found by', () => {
    expect(gateMarkdown(failedCase(), style).split('\n')[0]).toBe(gateCommentMarker);
  });

  it('keeps names from turning into markup, calling somebody or closing the comment', () => {
    const text = gateMarkdown(hostileCase(), detailed);
    const unfolded = text.replace(gateCommentMarker, '').replaceAll(/<\/?(details|summary)>|@&#8203;/g, '');
    expect(unfolded).not.toMatch(/(?<!\\)<|@/);
    expect(unfolded).not.toContain('<!--');
    expect(unfolded).not.toMatch(/[^\n\P{Cc}]/u);
    const bars = text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map(countBars);
    expect(new Set(bars)).toEqual(new Set([bars[0]]));
  });

  it.each(['pass', 'fail'] as const)('fits a comment however many cells %s', (verdict) => {
    const text = gateMarkdown(manyCase(800, verdict), style);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('more cells: the JSON result has all');
    expect(text.match(/^\*\*(FAIL|PASS)/gm)).toHaveLength(1);
  });

  it('leaves out what passed before what failed', () => {
    const rows = gateMarkdown(manyCase(800, 'fail'), style).match(/\| (fail|pass) \|/g) ?? [];
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows)).toEqual(new Set(['| fail |']));
  });

  it('fits a comment however long the names and warnings are', () => {
    const long = 'n'.repeat(100_000);
    const [only] = gateResult().scenarios;
    const warnings = Array.from({ length: 500 }, () => ({ code: 'same-model', details: { scenario: long } }));
    const scenarios = only === undefined ? [] : [{ ...only, name: long, owner: long, inputs: long }];
    const cells = [cell({ metric: 'nodes', note: long, scenario: long, reason: { code: 'no-base', details: {} } })];
    const text = gateMarkdown(gateResult({ warnings, scenarios, cells }), detailed);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('… 490 more warnings');
  });
});

/** Of a row, those that are not escaped. */
function countBars(line: string): number {
  return line.replaceAll(/\\./g, '').split('|').length;
}

describe('gateCsv', () => {
  it('has a record for every cell, with as many fields as the header', () => {
    for (const result of [failedCase(), hostileCase()]) {
      const [header = [], ...records] = parseCsv(gateCsv(result));
      expect(records).toHaveLength(result.cells.length);
      expect(records.every((record) => record.length === header.length)).toBe(true);
      expect(new Set(header).size).toBe(header.length);
    }
  });

  it('keeps names as they are', () => {
    const [header = [], record = []] = parseCsv(gateCsv(hostileCase()));
    expect(record[header.indexOf('scenario')]).toBe(hostileName);
  });
});
