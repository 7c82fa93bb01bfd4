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

  it('of a model that infer quantized tells how, in place of the raw metadata', () => {
    const made = {
      version: '1.2.3',
      source: { path: 'net.onnx', sha256: 'abcdef0123456789' },
      options: { scheme: 'int8', method: 'auto', target: 'cpu', calibration: 'mse', exclude: ['/fc/*'], seed: 0 },
      data: '0123456789ab',
    };
    const sectionOf = (value: string) => {
      const plain = bareInspection();
      const metadata = [{ key: 'infer.quantize', value }];
      return inspectMarkdown({ ...plain, model: { ...plain.model, metadata } }, style);
    };
    const text = sectionOf(JSON.stringify(made));
    expect(text).toContain('### Quantized by infer');
    for (const fact of [
      'infer 1.2.3',
      'int8',
      'auto',
      'cpu',
      'mse',
      'net.onnx, sha256 abcdef012345',
      'hash 0123456789ab',
    ])
      expect(text).toContain(fact);
    expect(text).not.toContain('Metadata');
    for (const unknown of ['no JSON', '{}', '[]', 'null', '{"options":[]}'])
      expect(sectionOf(unknown)).toMatch(/Metadata.*infer\.quantize/);
  });

  it('in every format with a final newline', () => {
    expect(formatsOf('inspect')).toEqual(['table', 'json', 'csv', 'markdown']);
    for (const result of [richInspection(), bareInspection()])
      for (const format of formatsOf('inspect')) expect(report(result, format, style)).toMatch(/\n$/);
  });
});
