import { describe, expect, it } from 'vitest';
import { evaluateModels } from '../../src/evaluate/evaluate-models.ts';
import { evaluateFindingsShape } from '../../src/evaluate/evaluate-result.ts';
import type { EvaluateProgress } from '../../src/evaluate/evaluate-options.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, floats } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';
import { z } from 'zod';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { anyTask, batchesOfRows, echo, options, scriptedModel } from './scripted-evaluation.ts';
import { classes, ids, mapped, matrix } from './tensors.ts';

const findingsSchema = z.object({ ...evaluateFindingsShape, warnings: z.array(z.unknown()) });

/** Scores of 10 classes whose highest is right for all but every tenth sample. */
const truths = Array.from({ length: 103 }, (_, i) => i % 10);
const rows = truths.map((truth, i) =>
  Array.from({ length: 10 }, (_, at) => (at === (i % 10 === 9 ? 0 : truth) ? 4 : at / 10)),
);
const labeled = (size = 16) => ({ batches: batchesOfRows(rows, classes(...truths), size), samples: rows.length });

describe('evaluateModels', () => {
  it('scores a classifier batch by batch, the last one shorter', async () => {
    const findings = await evaluateModels(options(labeled()));
    expect(findings).toMatchObject({
      samples: 103,
      task: { name: 'classification', reason: 'class-labels', asked: false, output: 'y' },
      verdict: null,
      closenessTo: null,
      interrupted: false,
      warnings: [],
    });
    expect(findings.metrics.map(({ name }) => name)).toEqual(['accuracy', 'top5', 'macro-f1']);
    expect(findings.metrics[0]).toMatchObject({ value: wilsonInterval(93, 103), samples: 103, reference: null });
    expect(() => findingsSchema.parse(JSON.parse(JSON.stringify(findings)))).not.toThrow();
  });

  it('is the same whatever the batch', async () => {
    const [one, many] = await Promise.all([1, 64].map((size) => evaluateModels(options(labeled(size)))));
    expect(one?.metrics).toEqual(many?.metrics);
  });

  it('tells progress and the model’s own time', async () => {
    const seen: EvaluateProgress[] = [];
    let now = 0;
    const model = scriptedModel(({ x }) => {
      now += 100;
      return x === undefined ? {} : { y: x };
    });
    const findings = await evaluateModels(
      options({ ...labeled(50), model, nowMs: () => now, onProgress: (progress) => seen.push(progress) }),
    );
    expect(seen.map(({ samples, of }) => [samples, of])).toEqual([
      [50, 103],
      [100, 103],
      [103, 103],
    ]);
    expect(findings.throughput).toEqual({ itemsPerSecond: (1000 * 103) / 300, modelMs: 300 });
  });

  it('sends a batch while another runs, two at most, and never model and reference together', async () => {
    let running = 0;
    let most = 0;
    const slow = () =>
      scriptedModel(async ({ x }) => {
        running++;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return x === undefined ? {} : { y: x };
      });
    await evaluateModels(options({ ...labeled(), model: slow() }));
    expect(most).toBe(2);
    most = 0;
    await evaluateModels(options({ ...labeled(), model: slow(), reference: slow() }));
    expect(most).toBe(1);
  });

  it('asks only for the output it scores', async () => {
    const asked: unknown[] = [];
    const model = scriptedModel(({ x }, outputs) => {
      asked.push(outputs);
      return x === undefined ? {} : { y: x };
    });
    await evaluateModels(options({ ...labeled(), model }));
    expect(asked.at(-1)).toEqual(['y']);
  });

  it('holds a model against a reference: paired test, closeness, verdicts', async () => {
    // 3.95 for class 0 changes no answer: the highest score is 4 or this one.
    const worse = scriptedModel(({ x }) => ({
      y: mapped(x, (value, at) => (at % 10 === 0 && value === 4 ? 3.95 : value)),
    }));
    const run = (more: object) => evaluateModels(options({ ...labeled(), model: worse, reference: echo(), ...more }));
    const findings = await run({ maxDrop: { kind: 'points', value: 5 }, minSqnrDb: 60 });
    expect(findings.metrics[0]?.reference).toMatchObject({
      value: findings.metrics[0]?.value,
      difference: { value: 0 },
      test: { name: 'mcnemar', p: 1 },
    });
    expect(findings.closenessTo).toBe('reference');
    expect(findings.closeness[0]).toMatchObject({ output: 'y', samples: 103, exact: false });
    expect(findings.drop).toMatchObject({ of: 'accuracy', samples: 103, drop: { value: 0 } });
    expect(findings.sqnr).toMatchObject({ verdict: 'fail', output: 'y' });
    expect(findings.verdict).toBe('fail');
    expect(() => findingsSchema.parse(JSON.parse(JSON.stringify(findings)))).not.toThrow();
  });

  it('without labels judges by agreement for classifiers, else by the relative error', async () => {
    const random = createRandom(0, 'unlabeled');
    const noise = scriptedModel(({ x }) => ({ y: mapped(x, (value) => value * (1 + 0.01 * random.normal())) }));
    const unlabeled = () => ({ batches: batchesOfRows(rows, null, 16), samples: 103, model: noise, reference: echo() });
    const classifier = await evaluateModels(options({ ...unlabeled(), maxDrop: { kind: 'points', value: 5 } }));
    expect(classifier).toMatchObject({
      metrics: [],
      drop: { of: 'argmax-agreement', drop: { value: 0 }, verdict: 'pass' },
    });
    const task = { ...anyTask, name: 'regression' } as const;
    const regression = await evaluateModels(
      options({ ...unlabeled(), task, maxDrop: { kind: 'relative', value: 0.02 } }),
    );
    expect(regression.drop).toMatchObject({ of: 'relative-error', verdict: 'pass' });
    expect(regression.drop?.drop?.value).toBeCloseTo(0.01, 2);
  });

  it('compares with the outputs that the data expect', async () => {
    async function* withExpected() {
      for await (const batch of batchesOfRows(rows, null, 10))
        yield { ...batch, expected: { y: batch.feeds['x'] ?? matrix([[]]) } };
    }
    const findings = await evaluateModels(options({ batches: withExpected(), samples: 103, minSqnrDb: 50 }));
    expect(findings).toMatchObject({
      closenessTo: 'expected',
      closeness: [{ exact: true }],
      sqnr: { exact: true },
      verdict: 'pass',
    });
  });

  it('tells samples whose outputs are not finite', async () => {
    const model = scriptedModel(({ x }) => ({ y: mapped(x, (value, at) => (at === 21 ? Number.NaN : value)) }));
    const findings = await evaluateModels(options({ ...labeled(103), model }));
    const details = { model: 'model.onnx', output: 'y', samples: 1, first: 'data.npz, row 2' };
    expect(findings.warnings).toEqual([{ code: 'outputs-not-finite', details }]);
    expect(findings.metrics[0]?.value?.value).toBeCloseTo(92 / 103, 12);
  });

  it('stops when it is told to and returns what it has, without a verdict', async () => {
    const stop = new AbortController();
    const onProgress = ({ samples }: EvaluateProgress) => (samples >= 20 ? stop.abort() : undefined);
    const findings = await evaluateModels(options({ ...labeled(10), signal: stop.signal, onProgress }));
    expect(findings).toMatchObject({ interrupted: true, verdict: null });
    expect(findings.samples).toBeLessThan(103);
    const aborted = AbortSignal.abort(new Error('stopped'));
    await expect(evaluateModels(options({ ...labeled(), signal: aborted }))).rejects.toThrow('stopped');
  });

  it.each([
    ['output-unclear', { model: scriptedModel(({ x }) => (x === undefined ? {} : { a: x, b: x })) }],
    ['unknown-name', { task: { ...anyTask, outputName: 'z' } }],
    ['bad-value', { task: { ...anyTask, name: 'ctc' as const } }],
    ['bad-value', { task: { ...anyTask, metrics: ['perplexity' as const] } }],
    ['missing-argument', { maxDrop: { kind: 'points' as const, value: 1 } }],
    ['missing-argument', { minSqnrDb: 30 }],
    ['unknown-name', { reference: scriptedModel(({ x }) => (x === undefined ? {} : { other: x })) }],
    [
      'outputs-unlike',
      {
        reference: scriptedModel(({ x }) => ({
          y: { ...matrix([[]]), dims: [x?.dims[0] ?? 0, 1], data: new Float32Array(x?.dims[0] ?? 0) },
        })),
        task: { ...anyTask, name: 'regression' as const },
        labels: null,
      },
    ],
  ])('says %s', async (code, { labels, ...more }: { labels?: null } & Partial<Parameters<typeof options>[0]>) => {
    const data = labels === null ? { batches: batchesOfRows(rows, null, 10), samples: 103 } : labeled();
    await expect(evaluateModels(options({ ...data, ...more }))).rejects.toMatchObject({ code });
  });

  it('names the sample of a label that no class has', async () => {
    const batches = batchesOfRows(rows.slice(0, 4), classes(1, 2, 10, 1), 2);
    await expect(evaluateModels(options({ batches, samples: 4 }))).rejects.toMatchObject({
      code: 'label-out-of-range',
      details: { path: 'data.npz, row 2', label: 10, classes: 10 },
    });
  });

  it('refuses to score an output of text', async () => {
    const model = scriptedModel(({ x }) => {
      const length = x?.dims[0] ?? 0;
      return { y: { type: 'string', dims: [length], data: Array.from({ length }, () => 'cat') } };
    });
    await expect(evaluateModels(options({ ...labeled(), model }))).rejects.toMatchObject({
      code: 'bad-value',
      details: { flag: '--output-name', value: 'y' },
    });
  });

  it('says so when there is nothing to evaluate', async () => {
    await expect(evaluateModels(options({ batches: batchesOfRows([], null, 1), samples: 0 }))).rejects.toMatchObject({
      code: 'data-missing',
    });
  });

  it('runs models in onnxruntime', async () => {
    const random = createRandom(5, 'model');
    const weights = Array.from({ length: 40 }, () => random.normal());
    const build = (scale: number) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', ['batch', 8]);
      const y = g.op('MatMul', [
        x,
        g.constant(
          'w',
          floats(
            [8, 5],
            weights.map((w) => w * scale + (scale === 1 ? 0 : 0.001)),
          ),
        ),
      ]);
      g.output(y, 'y', tensorType('float32', ['batch', 5]));
      return encodeModel(g.model({ opset: 17 }));
    };
    const runner = inProcessRunner();
    const samples = Array.from({ length: 50 }, () => Array.from({ length: 8 }, () => random.normal()));
    const best = (sample: readonly number[]) => {
      const scores = Array.from({ length: 5 }, (_, at) =>
        sample.reduce((sum, value, i) => sum + value * (weights[i * 5 + at] ?? 0), 0),
      );
      return scores.indexOf(Math.max(...scores));
    };
    const load = async (scale: number) => ({ ...echo(), loaded: await runner.load({ bytes: build(scale) }) });
    const findings = await evaluateModels(
      options({
        batches: batchesOfRows(samples, classes(...samples.map(best)), 8),
        samples: 50,
        model: await load(0.999),
        reference: await load(1),
      }),
    );
    expect(findings.metrics[0]?.reference?.value?.value).toBe(1);
    expect(findings.closeness[0]?.sqnrDb?.value).toBeGreaterThan(50);
    await runner.close();
  });

  it('scores a language model, in windows where its context is short', async () => {
    const table = Array.from({ length: 16 }, (_, at) => Math.log(1 + at));
    const lengths: number[] = [];
    const model = scriptedModel(({ input_ids: tokens }) => {
      const length = tokens?.dims[1] ?? 0;
      lengths.push(length);
      const data = Float32Array.from(
        Array.from(tokens === undefined ? [] : numbersOf(tokens)).flatMap((token) =>
          table.slice(token * 4, token * 4 + 4),
        ),
      );
      return { y: { type: 'float32', dims: [tokens?.dims[0] ?? 0, length, 4], data } };
    });
    const shape = { name: 'input_ids', type: 'int64', shape: ['batch', 'tokens'] } as const;
    const loaded = { ...model.loaded, signature: { ...model.loaded.signature, inputs: [shape] } };
    const sequences = [
      [0, 1, 2, 3, 3, 2, 1, 0, 2],
      [3, 3, 1, 1, 0, 2, 2, 0, 1],
    ];
    async function* batches() {
      yield { indices: [0, 1], feeds: { input_ids: ids(sequences) }, labels: null, expected: null };
    }
    const run = (context: number | null) => {
      return evaluateModels(
        options({ batches: batches(), samples: 2, model: { ...model, loaded }, task: { ...anyTask, context } }),
      );
    };
    const whole = await run(null);
    const probability = (from: number, to: number) =>
      (1 + from * 4 + to) / [0, 1, 2, 3].reduce((sum, at) => sum + 1 + from * 4 + at, 0);
    const nll = sequences.flatMap((tokens) =>
      tokens.slice(1).map((token, i) => -Math.log(probability(tokens[i] ?? 0, token))),
    );
    expect(whole.metrics[0]).toMatchObject({ name: 'perplexity', samples: 2 });
    expect(whole.metrics[0]?.value?.value).toBeCloseTo(Math.exp(nll.reduce((a, b) => a + b, 0) / nll.length), 5);
    lengths.length = 0;
    const split = await run(4);
    expect(Math.max(...lengths)).toBe(4);
    expect(split.metrics[0]?.value?.value).toBeCloseTo(whole.metrics[0]?.value?.value ?? 0, 9);
  });
});
