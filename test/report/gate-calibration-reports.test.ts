import { describe, expect, it } from 'vitest';
import type { GateCalibrationResult } from '../../src/gate/gate-calibration-result.ts';
import { gateCalibrationResultSchema } from '../../src/gate/gate-calibration-result.ts';
import { shareText, upwards } from '../../src/report/gate-calibration-columns.ts';
import { gateCalibrationCsv } from '../../src/report/gate-calibration-csv.ts';
import { gateCalibrationMarkdown } from '../../src/report/gate-calibration-markdown.ts';
import { gateCalibrationTable } from '../../src/report/gate-calibration-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { calibrationCase, calibrationCell } from './gate-calibration-cases.ts';
import { hostileName } from './gate-hard-cases.ts';

const style = { color: false, width: 140 };

/** Too noisy for what is asked, and a metric that nobody could measure. */
function refusedCase(): GateCalibrationResult {
  return calibrationCase({
    verdict: 'fail',
    suggested: { pairs: 6, neededPairs: 9, budgetMs: 191_000 },
    cells: [
      calibrationCell({ tolerance: 0.02, neededPairs: 64, neededBudgetMs: 191_000, resolvable: false }),
      calibrationCell({
        metric: 'peak-memory',
        unit: 'bytes',
        value: null,
        ratio: null,
        sd: null,
        sdUpper: null,
        detectable: null,
        smallestTolerance: null,
        neededPairs: null,
        neededBudgetMs: null,
        resolvable: false,
      }),
    ],
    warnings: [{ code: 'noisy-machine', details: { dirtyBlocks: 3, blocks: 24, rules: ['steal'] } }],
  });
}

describe.each([
  ['resolvable', calibrationCase()],
  ['refused', refusedCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(gateCalibrationResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(gateCalibrationTable(result, style)).toMatchFileSnapshot(`golden/gate-calibration-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(gateCalibrationMarkdown(result, style)).toMatchFileSnapshot(`golden/gate-calibration-${name}.md`);
  });
});

describe('a calibration', () => {
  it('has the formats that make sense', () => {
    expect(formatsOf('gate-calibration')).toEqual(expect.arrayContaining(['table', 'json', 'csv', 'markdown']));
    expect(formatsOf('gate-calibration')).not.toContain('junit');
  });

  it('has a record for every metric, with as many fields as the header', () => {
    const [header = [], ...records] = parseCsv(gateCalibrationCsv(refusedCase()));
    expect(records.map((record) => record.length)).toEqual([header.length, header.length]);
    expect(records[0]?.[header.indexOf('smallestTolerance')]).toBe('0.0412');
  });

  it('says when no budget is enough', () => {
    const { suggested } = refusedCase();
    const text = gateCalibrationTable({ ...refusedCase(), suggested: { ...suggested, budgetMs: null } }, style);
    expect(text).toContain('no budget is enough');
  });

  it('shows the plan with details, and why a scenario could not be measured', () => {
    const [only] = calibrationCase().scenarios;
    const failure = { code: 'model-empty', details: { path: 'empty.onnx' } };
    const result = calibrationCase({
      scenarios: only === undefined ? [] : [{ ...only, failure, blocks: [] }],
      cells: [],
    });
    const text = gateCalibrationTable(result, { ...style, view: { ...usualView, details: true } });
    expect(text).toMatch(/Failed +empty\.onnx/);
    expect(text).toMatch(/Plan +12 pairs/);
  });

  it('lets no name control the terminal or become markup', () => {
    const [only] = calibrationCase().scenarios;
    const result = calibrationCase({
      verdict: 'fail',
      scenarios: only === undefined ? [] : [{ ...only, name: hostileName, inputs: hostileName }],
      cells: [calibrationCell({ scenario: hostileName, resolvable: false })],
    });
    const detailed = { ...style, view: { ...usualView, details: true } };
    expect(gateCalibrationTable(result, detailed)).not.toMatch(/[^\n\P{Cc}]/u);
    const markdown = gateCalibrationMarkdown(result, detailed).replaceAll('<br>', ' ');
    expect(markdown).not.toMatch(/(?<!\\)</);
  });

  it.each([
    [0.0412, '4.2 %'],
    [0.05, '5.0 %'],
    [0.07, '7.0 %'],
  ])('rounds a tolerance of %d upwards to %s', (share, text) => expect(upwards(share)).toBe(text));

  it('writes a tolerance as short as it was given', () => expect(shareText(0.055)).toBe('5.5 %'));
});
