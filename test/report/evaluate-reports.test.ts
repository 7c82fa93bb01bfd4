import { describe, expect, it } from 'vitest';
import { evaluateResultSchema } from '../../src/evaluate/evaluate-result.ts';
import { evaluateCsv } from '../../src/report/evaluate-csv.ts';
import { evaluateMarkdown } from '../../src/report/evaluate-markdown.ts';
import { evaluateTable } from '../../src/report/evaluate-table.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { aloneCase, closeness, doubtfulCase, failedCase, interruptedCase } from './evaluate-cases.ts';

const style = { color: false, width: 120 };

describe.each([
  ['alone', aloneCase()],
  ['failed', failedCase()],
  ['doubtful', doubtfulCase()],
  ['interrupted', interruptedCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(evaluateResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(evaluateTable(result, style)).toMatchFileSnapshot(`golden/evaluate-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(evaluateMarkdown(result, style)).toMatchFileSnapshot(`golden/evaluate-${name}.md`);
  });

  it('is written as CSV', async () => {
    await expect(evaluateCsv(result)).toMatchFileSnapshot(`golden/evaluate-${name}.csv`);
  });
});

describe('evaluateTable', () => {
  it('shows the ten outputs that are farthest off, and with details all of them', () => {
    const shown = (details: boolean) =>
      evaluateTable(doubtfulCase(), { ...style, view: { ...usualView, details } }).match(/^layer_\d+/gm) ?? [];
    expect(shown(false)).toEqual(Array.from({ length: 10 }, (_, i) => `layer_${i}`));
    expect(shown(true)).toHaveLength(13);
    expect(evaluateTable(doubtfulCase(), style)).toContain('… 3 more outputs');
  });

  it('puts outputs that are not finite before all others, exact ones last', () => {
    const outputs = [closeness({ output: 'c', exact: true, sqnrDb: null }), closeness({ output: 'b' })];
    const broken = closeness({ output: 'a', sqnrDb: null });
    const text = evaluateTable(aloneCase({ closenessTo: 'reference', closeness: [...outputs, broken] }), style);
    expect(text.match(/^[abc](?= )/gm)).toEqual(['a', 'b', 'c']);
  });

  it('fits 80 columns by leaving out what counts least, and says what', () => {
    const text = evaluateTable(failedCase(), { ...style, width: 80 });
    expect(text).toMatch(/too narrow for: /);
    expect(text).not.toMatch(/, \)/);
    expect(text).toMatch(/^accuracy/m);
  });

  it('has ANSI codes only with color', () => {
    expect(evaluateTable(failedCase(), style)).not.toContain('\u001B');
    expect(evaluateTable(failedCase(), { ...style, color: true })).toContain('\u001B[31mFAIL');
  });

  it('lets no name of an output control the terminal', () => {
    const name = 'a\u001B]0;title\u0007';
    const text = evaluateTable(
      aloneCase({
        closenessTo: 'reference',
        closeness: [closeness({ output: name })],
        sqnr: { ...(failedCase().sqnr ?? never()), output: name },
        task: { ...aloneCase().task, output: name },
      }),
      style,
    );
    expect(text).not.toContain('\u001B');
  });
});

function never(): never {
  throw new Error('the case has a goal');
}

describe('evaluateMarkdown', () => {
  it('keeps names from turning into markup', () => {
    expect(evaluateMarkdown(failedCase(), style)).not.toMatch(/[^\\]\|int8/);
  });
});

describe('evaluateCsv', () => {
  it('has a record for every figure, with as many fields as the header', () => {
    const [header = [], ...records] = parseCsv(evaluateCsv(failedCase()));
    expect(records.every((record) => record.length === header.length)).toBe(true);
    // Three metrics; eight figures of the logits, two of the mask, seven of what is the same; two goals; the throughput.
    expect(records).toHaveLength(3 + 8 + 2 + 7 + 2 + 1);
    const column = (name: string) => header.indexOf(name);
    const drop = records.find((record) => record[column('kind')] === 'drop');
    expect(drop?.[column('value')]).toBe('0.014');
    expect(drop?.[column('limit')]).toBe('0.005');
    expect(drop?.[column('verdict')]).toBe('fail');
  });
});
