import { describe, expect, it } from 'vitest';
import { inspectCsv } from '../../src/report/inspect-csv.ts';
import { inspectMarkdown } from '../../src/report/inspect-markdown.ts';
import { formatsOf, loadReporter } from '../../src/report/reporters.ts';
import { parseCsv } from './csv-parser.ts';
import { bareInspection, richInspection } from './inspect-cases.ts';

const style = { color: false, width: 100 };

describe('an inspection', () => {
  it('as Markdown', async () => {
    const text = inspectMarkdown(richInspection(), {
      ...style,
      view: { top: 2, details: true, tree: true, explain: false },
    });
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

  it('of a model that infer pruned tells how, before how it was quantized', () => {
    const source = { path: 'net.onnx', sha256: 'abcdef0123456789' };
    const options = { kind: 'structured', channels: 0.5, heads: 0.25, width: null, score: 'wifv', global: true };
    const rest = { reconstruct: true, distillEpochs: 3, exclude: ['/fc/*'], seed: 0, samples: 256 };
    const made = {
      version: '1.2.3',
      source,
      options: { ...options, ...rest },
      data: '0123456789ab',
      kept: { parameters: 0.244 },
    };
    const plain = bareInspection();
    const quantized = { version: '1.2.3', source, options: { scheme: 'int8' }, data: null };
    const metadata = [
      { key: 'infer.quantize', value: JSON.stringify(quantized) },
      { key: 'infer.prune', value: JSON.stringify(made) },
    ];
    const text = inspectMarkdown({ ...plain, model: { ...plain.model, metadata } }, style);
    expect(text).toMatch(/### Pruned by infer[^#]*### Quantized by infer/);
    for (const fact of [
      'channels 0.5, heads 0.25',
      'wifv',
      'from all groups together',
      'distilled for 3 epochs',
      '256 samples',
      '24 % of the parameters',
    ])
      expect(text).toContain(fact);
    expect(text).not.toMatch(/Metadata|width|null|Good for/);

    const zeros = {
      kind: 'pattern',
      sparsity: '2:4',
      score: 'l2',
      sparsityScore: 'wanda',
      label: 'download size only',
    };
    const sparse = [
      { key: 'infer.prune', value: JSON.stringify({ ...made, options: zeros, label: 'download size only' }) },
    ];
    const told = inspectMarkdown({ ...plain, model: { ...plain.model, metadata: sparse } }, style);
    for (const fact of ['sparsity 2:4', 'wanda', 'download size only']) expect(told).toContain(fact);
    expect(told).not.toContain('l2');

    for (const unknown of ['no JSON', '{}', 'null', '{"options":[]}']) {
      const raw = [{ key: 'infer.prune', value: unknown }];
      expect(inspectMarkdown({ ...plain, model: { ...plain.model, metadata: raw } }, style)).toMatch(
        /Metadata.*infer\.prune/,
      );
    }
  });

  it('in every format with a final newline', async () => {
    expect(formatsOf('inspect')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
    for (const format of formatsOf('inspect')) {
      const draw = await loadReporter(format);
      for (const result of [richInspection(), bareInspection()]) expect(draw(result, style)).toMatch(/\n$/);
    }
  });
});
