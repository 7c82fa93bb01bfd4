import type { EvaluatedMetric, EvaluateResult, OutputCloseness } from '../../src/evaluate/evaluate-result.ts';
import type { Estimate } from '../../src/result/envelope.ts';
import { environment } from './fixture-bench-result.ts';

const between = (low: number, value: number, high: number): Estimate => ({ value, low, high });

/** A metric of the model alone. */
function metric(name: string, value: Estimate | null, rest: Partial<EvaluatedMetric> = {}): EvaluatedMetric {
  return { name, higherIsBetter: true, value, samples: 1000, reference: null, ...rest };
}

export function closeness(sketch: Partial<OutputCloseness> = {}): OutputCloseness {
  return {
    output: 'logits',
    type: 'float32',
    samples: 1000,
    exact: false,
    sqnrDb: between(33.1, 34.5, 36.02),
    cosine: between(0.99978, 0.99982, 0.99985),
    cosineOverall: 0.9998,
    maxAbs: 0.812,
    maxRel: 12.3,
    argmaxAgreement: between(0.9771, 0.987, 0.9927),
    kl: between(0.0021, 0.0024, 0.0028),
    equalElements: null,
    ...sketch,
  };
}

/** A classifier alone on labeled data. */
export function aloneCase(sketch: Partial<EvaluateResult> = {}): EvaluateResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'evaluate', 'models/cnn.onnx', '--data', 'test.npz'],
    environment,
    warnings: [],
    kind: 'evaluate',
    task: { name: 'classification', asked: false, reason: 'class-labels', output: 'logits' },
    samples: 1000,
    metrics: [
      metric('accuracy', between(0.9716, 0.981, 0.9874)),
      metric('top5', between(0.9962, 1, 1)),
      metric('macro-f1', between(0.971, 0.9808, 0.9892)),
    ],
    closenessTo: null,
    closeness: [],
    drop: null,
    sqnr: null,
    verdict: null,
    throughput: { itemsPerSecond: 12_345, modelMs: 81 },
    referenceThroughput: null,
    elapsedMs: 102.4,
    interrupted: false,
    model: { path: 'models/cnn.onnx', sha256: 'a'.repeat(64), sizeBytes: 1_500_000 },
    reference: null,
    data: { path: 'test.npz', size: 1000, labeled: true },
    settings: {
      batch: 64,
      threads: 2,
      ep: 'cpu',
      optimization: 'all',
      seed: 0,
      samples: null,
      dims: {},
      pairs: null,
      topK: 5,
      blank: 0,
      context: null,
    },
    goal: { maxDrop: null, minSqnrDb: null },
    ...sketch,
  };
}

const mcnemar = (p: number) => ({ name: 'mcnemar', p }) as const;

/** Worse than its reference by more than is allowed, but better in what counts less. */
export function failedCase(): EvaluateResult {
  return aloneCase({
    model: { path: 'out/cnn|int8.onnx', sha256: 'b'.repeat(64), sizeBytes: 400_000 },
    reference: { path: 'models/cnn.onnx', sha256: 'a'.repeat(64), sizeBytes: 1_500_000 },
    metrics: [
      metric('accuracy', between(0.9545, 0.967, 0.9762), {
        reference: {
          value: between(0.9716, 0.981, 0.9874),
          difference: between(-0.0229, -0.014, -0.0062),
          test: mcnemar(0.0005),
        },
      }),
      metric('top5', between(0.9944, 0.999, 0.9998), {
        reference: { value: between(0.9962, 1, 1), difference: between(-0.0057, -0.001, 0.0028), test: mcnemar(1) },
      }),
      metric('perplexity', between(11.91, 12.204, 12.5), {
        higherIsBetter: false,
        reference: {
          value: between(12.2, 12.31, 12.6),
          difference: between(-0.15, -0.106, -0.05),
          test: { name: 'paired-bootstrap', p: 0.012 },
        },
      }),
    ],
    closenessTo: 'reference',
    closeness: [
      closeness(),
      closeness({
        output: 'mask',
        type: 'bool',
        sqnrDb: null,
        cosine: null,
        cosineOverall: null,
        maxAbs: null,
        maxRel: null,
        argmaxAgreement: null,
        kl: null,
        equalElements: between(0.981, 0.99, 0.995),
      }),
      closeness({ output: 'same', exact: true, sqnrDb: null, argmaxAgreement: null }),
    ],
    drop: {
      of: 'accuracy',
      drop: between(0.0062, 0.014, 0.0229),
      limit: { kind: 'points', value: 0.5 },
      threshold: 0.005,
      verdict: 'fail',
      samples: 1000,
      samplesToDecide: null,
      test: mcnemar(0.0005),
    },
    sqnr: {
      output: 'logits',
      minDb: 30,
      sqnrDb: between(33.1, 34.5, 36.02),
      exact: false,
      verdict: 'pass',
      samples: 1000,
      samplesToDecide: null,
    },
    verdict: 'fail',
    referenceThroughput: { itemsPerSecond: 5400, modelMs: 185 },
    goal: { maxDrop: '0.5pt', minSqnrDb: 30 },
  });
}

/** Many outputs, no labels, no verdict, and all that can be warned of. */
export function doubtfulCase(): EvaluateResult {
  return aloneCase({
    task: { name: 'embedding', asked: true, reason: 'asked', output: 'embedding' },
    samples: 200,
    data: { path: 'texts.jsonl', size: 5000, labeled: false },
    settings: { ...aloneCase().settings, samples: 200, dims: { sequence: 128 } },
    reference: { path: 'models/base.onnx', sha256: 'c'.repeat(64), sizeBytes: 9 },
    metrics: [],
    closenessTo: 'reference',
    closeness: Array.from({ length: 13 }, (_, i) =>
      closeness({ output: `layer_${i}`, sqnrDb: between(20 + i, 21 + i, 22 + i), argmaxAgreement: null, kl: null }),
    ),
    drop: {
      of: 'relative-error',
      drop: between(0.0091, 0.0098, 0.0106),
      limit: { kind: 'relative', value: 0.01 },
      threshold: 0.01,
      verdict: 'inconclusive',
      samples: 200,
      samplesToDecide: 3100,
      test: { name: 'bootstrap', p: null },
    },
    sqnr: {
      output: 'layer_0',
      minDb: 21,
      sqnrDb: between(20, 21, 22),
      exact: false,
      verdict: 'inconclusive',
      samples: 200,
      samplesToDecide: null,
    },
    verdict: 'inconclusive',
    throughput: { itemsPerSecond: null, modelMs: 0 },
    referenceThroughput: { itemsPerSecond: 900, modelMs: 222 },
    goal: { maxDrop: '1%', minSqnrDb: 21 },
    warnings: [
      {
        code: 'goal-undecided',
        details: { of: 'relative-error', samples: 200, samplesToDecide: 3100, hasInterval: true },
      },
      { code: 'outputs-not-compared', details: { outputs: ['pooled', 'extra'] } },
    ],
  });
}

/** Ctrl-C in the middle, with outputs that were no numbers. */
export function interruptedCase(): EvaluateResult {
  return aloneCase({
    samples: 320,
    interrupted: true,
    metrics: [metric('mse', null, { higherIsBetter: false, samples: 320 })],
    task: { name: 'regression', asked: false, reason: 'tensor-labels', output: 'y' },
    closenessTo: 'expected',
    closeness: [closeness({ sqnrDb: null, cosine: null, maxAbs: null, maxRel: null, argmaxAgreement: null, kl: null })],
    sqnr: {
      output: 'y',
      minDb: 30,
      sqnrDb: null,
      exact: false,
      verdict: 'fail',
      samples: 320,
      samplesToDecide: null,
    },
    goal: { maxDrop: null, minSqnrDb: 30 },
    warnings: [
      {
        code: 'outputs-not-finite',
        details: { model: 'models/cnn.onnx', output: 'y', samples: 2, first: 'test.npz[7]' },
      },
    ],
  });
}
