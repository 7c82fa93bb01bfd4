import { describe, expect, it } from 'vitest';
import { inspectCsv } from '../../src/report/inspect-csv.ts';
import { inspectMarkdown } from '../../src/report/inspect-markdown.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { parseCsv } from './csv-parser.ts';
import { bareInspection, richInspection } from './inspect-cases.ts';

const style = { color: false, width: 100 };

describe('an inspection', () => {
  it('as Markdown', async () => {
    const text = inspectMarkdown(richInspection(), { ...style, view: { top: 2, details: true, tree: true } });
    await expect(text).toMatchFileSnapshot('golden/inspect.md');
    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('a|b*c');
  });

  it('as CSV: the layers, with what is not known left empty', () => {
    const text = inspectCsv(richInspection());
    const [header = [], ...rows] = parseCsv(text);
    const layers = rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
    expect(layers).toMatchObject([
      { name: '/layer.0/MatMul', outputShape: 'batchx64', macs: '8192', quantization: '', pruning: '' },
      { name: '/layer.0/attention/scores, "raw"', outputShape: 'batchx?x64', macs: '', within: 'loop' },
    ]);
    expect(header.toSorted()).toEqual(Object.keys(richInspection().layers.listed[0] ?? {}).toSorted());
    expect(parseCsv(inspectCsv(bareInspection()))).toHaveLength(1);
  });

  it('in every format with a final newline', () => {
    expect(formatsOf('inspect')).toEqual(['table', 'json', 'csv', 'markdown']);
    for (const result of [richInspection(), bareInspection()])
      for (const format of formatsOf('inspect')) expect(report(result, format, style)).toMatch(/\n$/);
  });
});
