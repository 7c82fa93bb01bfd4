import { describe, expect, it } from 'vitest';
import { quantizeResultSchema } from '../../src/quantize/quantize-result.ts';
import { quantizeCsv } from '../../src/report/quantize-csv.ts';
import { quantizeMarkdown } from '../../src/report/quantize-markdown.ts';
import { quantizeTable } from '../../src/report/quantize-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { blindCase, fullCase, interruptedCase, missedCase, node } from './quantize-cases.ts';

const style = { color: false, width: 120 };
const detailed = { color: false, width: 200, view: { ...usualView, details: true } };

describe.each([
  ['full', fullCase()],
  ['missed', missedCase()],
  ['blind', blindCase()],
  ['interrupted', interruptedCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(quantizeResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(quantizeTable(result, style)).toMatchFileSnapshot(`golden/quantize-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(quantizeMarkdown(result, style)).toMatchFileSnapshot(`golden/quantize-${name}.md`);
  });
});

it('has the formats that make sense', () => {
  expect(formatsOf('quantize')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
});

describe('quantizeTable', () => {
  it('has every node with details', async () => {
    await expect(quantizeTable(fullCase(), detailed)).toMatchFileSnapshot('golden/quantize-details.txt');
    expect(quantizeTable(fullCase(), style)).not.toContain('/conv1/Conv');
  });

  it('fits a narrow terminal by leaving out what counts least, and says what', () => {
    const text = quantizeTable(fullCase(), { ...detailed, width: 110 });
    expect(text).toMatch(/too narrow for: .*bytes/);
    expect(text).toMatch(/\/head\/MatMul .*quantized, it cost too much accuracy$/m);
  });

  it('says why a candidate failed once: in a warning, or else beside the candidates', () => {
    expect(quantizeTable(fullCase(), style).match(/no kernel/g)).toHaveLength(1);
    expect(quantizeTable(interruptedCase(), style)).toMatch(/^ {2}blocks +the measuring process could not be started/m);
  });

  it('shows a failed measurement', () => {
    const benchFailure = { code: 'process-unstartable', details: { problem: 'EAGAIN' } };
    const text = quantizeTable(fullCase({ speedup: null, benchFailure }), style);
    expect(text).toMatch(/^Latency +could not be measured: the measuring process could not be started: EAGAIN/m);
    expect(text).toMatch(/^PASS: speed was not measured; at least 1\.2x is asked for$/m);
  });

  it('says that a worse model was wanted', () => {
    expect(quantizeTable({ ...missedCase(), output: fullCase().output }, style)).toContain(
      'written as --accept-worse says',
    );
  });

  it('says what cannot be told of quality', () => {
    const none = { source: 'none', samples: 0, drop: null, closeness: [] } as const;
    const goals = [{ goal: 'max-drop', limit: '1%', asked: false, verdict: 'inconclusive' }] as const;
    const text = quantizeTable(fullCase({ evaluation: { ...none, closeness: [] }, goals: [...goals] }), style);
    expect(text).toMatch(/^INCONCLUSIVE: how far it falls behind is not known; 1% is allowed \(default\)$/m);
    expect(text).toMatch(/, outputs not compared$/m);
    expect(text).toMatch(/^Compared +not compared$/m);
  });

  it('shows the reason of another version as it is', async () => {
    const text = JSON.stringify(fullCase({ nodes: [node('a', 'Conv', { reason: 'method' })] }));
    const result = fullCase({ nodes: [JSON.parse(JSON.stringify({ ...node('a', 'Conv'), reason: 'by-magic' }))] });
    expect(quantizeTable(result, style)).toMatch(/^ {2}by-magic +1 node \(Conv 1\), 31 % of the MACs: by-magic$/m);
    expect(await parseResult(text, 'r.json')).toMatchObject({ kind: 'quantize' });
  });

  it('has ANSI codes only with color', () => {
    expect(quantizeTable(fullCase(), style)).not.toContain('\u001B');
    expect(quantizeTable(missedCase(), { ...style, color: true })).toContain('\u001B[31mFAIL');
  });

  it('lets no name out of the model control the terminal', () => {
    const name = 'a\u001B]0;title\u0007';
    const result = fullCase({ nodes: [node(name, name, { became: name, reason: 'method' })] });
    expect(quantizeTable(result, detailed)).not.toContain('\u001B');
  });
});

describe('quantizeMarkdown', () => {
  it('keeps names from turning into markup', () => {
    expect(quantizeMarkdown(fullCase(), detailed)).not.toMatch(/[^\\ ]\|[a-z]/);
  });
});

describe('quantizeCsv', () => {
  it('is the table of nodes', async () => {
    await expect(quantizeCsv(fullCase())).toMatchFileSnapshot('golden/quantize-full.csv');
    const [header = [], ...records] = parseCsv(quantizeCsv(fullCase()));
    expect(records).toHaveLength(6);
    expect(records.every((record) => record.length === header.length)).toBe(true);
  });
});
