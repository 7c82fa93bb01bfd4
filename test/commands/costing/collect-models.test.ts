import { describe, expect, it } from 'vitest';
import { collectModels } from '../../../src/commands/costing/collect-models.ts';
import { labelModels } from '../../../src/commands/costing/label-models.ts';
import { accuracyOf, resultOf, serverResult } from '../../cli/cost-trial.ts';
import { benchResult, unmeasuredPoint } from '../../report/fixture-bench-result.ts';

const fp32 = { path: 'fp32.onnx', sha256: 'a'.repeat(64) };
const int8 = { path: 'int8.onnx', sha256: 'b'.repeat(64) };

describe('labels', () => {
  it.each([
    [
      ['models/a.onnx', 'b.onnx'],
      ['a.onnx', 'b.onnx'],
    ],
    [
      ['one/m.onnx', 'two/m.onnx'],
      ['one/m.onnx', 'two/m.onnx'],
    ],
    [
      ['x/one/m.onnx', 'y/one/m.onnx', 'n.onnx'],
      ['x/one/m.onnx', 'y/one/m.onnx', 'n.onnx'],
    ],
    [
      ['m.onnx', 'old/m.onnx'],
      ['m.onnx', 'old/m.onnx'],
    ],
    [
      ['a\\m.onnx', 'b\\m.onnx'],
      ['a/m.onnx', 'b/m.onnx'],
    ],
  ])('%j', (paths, labels) => {
    expect(labelModels(paths.map((path, index) => ({ path, sha256: `${index}`.repeat(64) })))).toEqual(labels);
  });

  it('of files that lay at one path tell their hashes', () => {
    const models = ['a', 'b'].map((letter) => ({ path: 'm.onnx', sha256: letter.repeat(64) }));
    expect(labelModels(models)).toEqual(['m.onnx (aaaaaaaa)', 'm.onnx (bbbbbbbb)']);
  });
});

describe('models of several results', () => {
  it('count once a file, in order of appearance', () => {
    const { models } = collectModels(
      [
        { path: 'one.json', result: resultOf(fp32, int8) },
        { path: 'two.json', result: serverResult({ ...fp32, path: 'elsewhere/fp32.onnx' }) },
      ],
      [],
    );
    expect(models.map(({ label, results }) => [label, results])).toEqual([
      ['fp32.onnx', ['one.json', 'two.json']],
      ['int8.onnx', ['one.json']],
    ]);
  });

  it('have the accuracy that an evaluation of their very file tells, before what one of another tells of its reference', () => {
    const own = accuracyOf(fp32.sha256, 0.9);
    const beside = accuracyOf(int8.sha256, 0.8);
    const [metric] = beside.metrics;
    const asReference = {
      ...beside,
      reference: { path: 'fp32.onnx', sha256: fp32.sha256, sizeBytes: 1 },
      metrics: [
        {
          ...metric,
          reference: { value: { value: 0.91, low: 0.9, high: 0.92 }, difference: null, test: { kind: 'none' } },
        },
      ],
    };
    const bench = [{ path: 'one.json', result: resultOf(fp32, int8) }];
    const accuracies = (...evaluations: object[]) =>
      collectModels(
        bench,
        evaluations.map((result) => ({ path: 'e.json', result: Object.assign(accuracyOf('', 0), result) })),
      ).models.map(({ accuracy }) => accuracy?.value.value ?? null);
    expect(accuracies(asReference)).toEqual([0.91, 0.8]);
    expect(accuracies(asReference, own)).toEqual([0.9, 0.8]);
    expect(accuracies(own)).toEqual([0.9, null]);
  });

  it('are only those that ran', () => {
    const reason = { code: 'run-failed', details: {} };
    const failed = benchResult(['bad.onnx'], [unmeasuredPoint(['bad.onnx'], { status: 'failed', reason })]);
    expect(collectModels([{ path: 'r.json', result: failed }], []).models).toEqual([]);
  });

  it('leave evaluations over that are of none of them', () => {
    const bench = [{ path: 'one.json', result: serverResult(fp32) }];
    const evaluations = [
      { path: 'own.json', result: accuracyOf(fp32.sha256, 0.9) },
      { path: 'other.json', result: accuracyOf(int8.sha256, 0.9) },
    ];
    expect(collectModels(bench, evaluations).unmatched).toEqual(['other.json']);
  });
});
