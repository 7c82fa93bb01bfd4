import { describe, expect, it } from 'vitest';
import type { PricesResult } from '../../src/cost/catalog/prices-result.ts';
import { pricesResultSchema } from '../../src/cost/catalog/prices-result.ts';
import { pricesCsv } from '../../src/report/prices-csv.ts';
import { pricesMarkdown } from '../../src/report/prices-markdown.ts';
import { pricesTable } from '../../src/report/prices-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { emptyCase, instancesCase, othersCase } from './prices-cases.ts';

const style = { color: false, width: 150 };

describe.each([
  ['instances', instancesCase()],
  ['others', othersCase()],
  ['empty', emptyCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(pricesResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(pricesTable(result, style)).toMatchFileSnapshot(`golden/prices-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(pricesMarkdown(result, style)).toMatchFileSnapshot(`golden/prices-${name}.md`);
  });
});

describe('prices', () => {
  it('have the formats that make sense', () => {
    expect(formatsOf('prices')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
  });

  it('are records with as many fields as the header, under the names of the JSON', () => {
    const [header = [], ...records] = parseCsv(pricesCsv(instancesCase()));
    expect(new Set(header)).toEqual(new Set(Object.keys(instancesCase().instances[0] ?? {})));
    expect(records.map((record) => record.length)).toEqual(records.map(() => header.length));
    expect(records.map((record) => record[header.indexOf('interruption')])).toEqual(['>20%', '5-10%', '', '', '']);
    expect(records[1]?.[header.indexOf('flags')]).toBe('usable-memory');
  });

  it.each(['processors', 'accelerators', 'tokenPrices', 'grids'] as const)('are records of %s too', (part) => {
    const alone: PricesResult = { ...emptyCase(), [part]: othersCase()[part] };
    const [header = [], ...records] = parseCsv(pricesCsv(alone));
    expect(new Set(header)).toEqual(new Set(Object.keys(alone[part][0] ?? {})));
    expect(records).toHaveLength(alone[part].length);
  });

  it('are cut at --top, and say so', () => {
    const text = pricesTable(instancesCase(), { ...style, view: { ...usualView, top: 2 } });
    expect(text).toContain('… 3 more instances');
    expect(text).not.toContain('gpu_1x_gh200');
  });

  it('leave the least out of a narrow terminal', () => {
    const text = pricesTable(instancesCase(), { ...style, width: 90 });
    expect(text).toMatch(/too narrow for: .*processor/);
    expect(text).toMatch(/c7i\.2xlarge .*\$0\.357 .*\$0\.1464/);
  });

  it('let no name control the terminal or become markup', () => {
    const hostile = '\u001b[2J<script>|`*\n';
    const [first] = instancesCase().instances;
    const named = { name: hostile, cloud: hostile, region: hostile, source: hostile, accelerator: hostile };
    const result = { ...emptyCase(), instances: first === undefined ? [] : [{ ...first, ...named }] };
    expect(pricesTable(result, style)).not.toMatch(/[^\n\P{Cc}]/u);
    expect(pricesMarkdown(result, style)).not.toMatch(/(?<!\\)<(?!\/?(?:sub|br)>)/);
  });
});
