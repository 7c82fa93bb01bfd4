import { describe, expect, it } from 'vitest';
import { profileResultSchema } from '../../src/profile/profile-result.ts';
import { profileCsv } from '../../src/report/profile-csv.ts';
import { profileMarkdown } from '../../src/report/profile-markdown.ts';
import { profileTable } from '../../src/report/profile-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { withTexts } from './html/html-cases.ts';
import { environment } from './fixture-bench-result.ts';
import { comparedCase, emptyCase, fallbackCase, fullCase } from './profile-cases.ts';

const style = { color: false, width: 180 };
const detailed = { ...style, view: { ...usualView, details: true } };

describe.each([
  ['full', fullCase()],
  ['compared', comparedCase()],
  ['fallback', fallbackCase()],
  ['empty', emptyCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(profileResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(profileTable(result, style)).toMatchFileSnapshot(`golden/profile-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(profileMarkdown(result, style)).toMatchFileSnapshot(`golden/profile-${name}.md`);
  });

  it('is records with as many fields as the header', async () => {
    const csv = profileCsv(result);
    const [header = [], ...records] = parseCsv(csv);
    expect(records.map((record) => record.length)).toEqual(records.map(() => header.length));
    await expect(csv).toMatchFileSnapshot(`golden/profile-${name}.csv`);
  });
});

describe('profiles', () => {
  it('have the formats that make sense', () => {
    expect(formatsOf('profile')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
  });

  it('tell what became of every node in detail', async () => {
    await expect(profileTable(fullCase(), detailed)).toMatchFileSnapshot('golden/profile-details.txt');
  });

  it('are cut at --top, and say so', () => {
    const text = profileTable(fullCase(), { ...style, view: { ...usualView, top: 2 } });
    expect(text).toContain('… 4 more operators');
    expect(text).toContain('… 4 more kernels');
  });

  it('lose the least of a narrow terminal first', () => {
    const text = profileTable(fullCase(), { ...style, width: 90 });
    expect(text).toMatch(/too narrow for: .*output/);
    expect(text).toMatch(/\/backbone\/stem\/Conv +Conv .*55\.0 %/);
  });

  it('add up in their CSV to the whole, each kernel counted once', () => {
    const [header = [], ...records] = parseCsv(profileCsv(fullCase()));
    const at = header.indexOf('share');
    const total = records.reduce((sum, record) => sum + Number(record[at]), 0);
    expect(total).toBeCloseTo(1, 12);
  });

  it('make what another provider ran stand out, and copies', () => {
    const text = profileTable(fallbackCase(), { ...style, color: true });
    const warned = text.split('\n').filter((line) => line.includes('\u001b[33m'));
    expect(warned.filter((line) => line.includes('Memcpy (added)') || line.includes('MemcpyFromHost'))).toHaveLength(1);
    expect(warned.filter((line) => line.includes('/backbone/head/Gemm'))).toHaveLength(1);
    expect(warned.filter((line) => line.includes('/backbone/stem/Conv'))).toHaveLength(0);
  });

  it('let no name control the terminal or become markup', () => {
    const result = { ...withTexts(comparedCase(), '\u001b[2J<script>|`*\n'), environment };
    expect(profileTable(result, detailed)).not.toMatch(/[^\n\P{Cc}]/u);
    expect(profileMarkdown(result, detailed)).not.toMatch(/(?<!\\)<(?!\/?(?:sub|br)>)/);
  });
});
