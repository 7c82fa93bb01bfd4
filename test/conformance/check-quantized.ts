import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { castFeeds } from '../../src/commands/cast-feeds.ts';
import { envelopeOf } from '../../src/commands/envelope.ts';
import type { QuantizeRequest } from '../../src/commands/quantize-request.ts';
import { quantize } from '../../src/commands/quantize.ts';
import { InferError } from '../../src/errors.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import { allGraphs } from '../../src/onnx/traverse.ts';
import type { Scheme } from '../../src/quantize/vocabulary.ts';
import { describeError, describeFinding } from '../../src/report/messages/message.ts';
import type { ModelRunner } from '../../src/runtime/model-runner.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import type { Trial } from './check-model.ts';
import { knownInputs } from './synthetic-trial.ts';

export type QuantizeOutcome =
  /** It loads, runs, and its graph is sound. */
  | { readonly kind: 'valid'; readonly quantized: number }
  /** In a sentence; `why` is its code, and what it says of the nodes. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The runtime does not run the original. */
  | { readonly kind: 'unrunnable'; readonly problem: string }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Whether a model has a product or a convolution, at any depth. */
export function hasLayers(model: Model): boolean {
  for (const graph of allGraphs(model))
    for (const node of graph.nodes()) if (node.is('MatMul', 'Gemm', 'Conv')) return true;
  return false;
}

export interface Quantizing {
  readonly path: string;
  readonly folder: string;
  readonly scheme: Scheme;
  /** None where the original does not load. */
  readonly trials: readonly Trial[];
  readonly runtime: Runtime;
  readonly runner: ModelRunner;
}

/** Quantizes a model as `infer quantize --no-bench` would without data, and runs what was written on every trial. */
export async function checkQuantized(options: Quantizing): Promise<QuantizeOutcome> {
  const { path, folder, trials, runtime, runner } = options;
  const original = await problemOf(path, trials, runner);
  const output = join(folder, 'quantized.onnx');
  try {
    const result = await quantize(await requestOf(options, output), {
      runtime,
      envelope: envelopeOf({ version: 'conformance', argv: [], now: new Date(0) }),
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    const failed = result.candidates.find(({ chosen, failure }) => chosen && failure !== null)?.failure ?? null;
    if (original !== null) return { kind: 'unrunnable', problem: original };
    if (failed !== null) return { kind: 'wrong', problem: `no candidate runs: ${describeFinding(failed)}` };
    if (result.output === null) return { kind: 'refused', why: result.goals.map(({ goal }) => goal).join(', ') };
    checkGraph(readModelBytes(readFileSync(output)));
    const problem = await problemOf(output, trials, runner);
    if (problem !== null) return { kind: 'wrong', problem: `it does not run any more: ${problem}` };
    const quantized = result.nodes.filter(({ treatment }) => treatment !== 'float').length;
    return quantized === 0 ? { kind: 'wrong', problem: 'nothing is quantized' } : { kind: 'valid', quantized };
  } catch (error) {
    if (!(error instanceof InferError)) throw error;
    if (refusals.has(error.code)) return { kind: 'refused', why: `${error.code}${reasonsOf(error)}` };
    if (original !== null) return { kind: 'unrunnable', problem: original };
    return { kind: 'wrong', problem: describeError(error) };
  }
}

/** What says that a model is not to be quantized, or that somebody has to say more of its inputs. */
const refusals: ReadonlySet<string> = new Set([
  'nothing-to-quantize',
  'already-quantized',
  'unbound-dimension',
  'input-value-needed',
  'calibration-not-finite',
]);

function reasonsOf({ code, details }: InferError): string {
  const reasons: unknown = code === 'nothing-to-quantize' ? Reflect.get(details, 'reasons') : null;
  return reasons === null || typeof reasons !== 'object' ? '' : ` (${Object.keys(reasons).toSorted().join(', ')})`;
}

async function problemOf(path: string, trials: readonly Trial[], runner: ModelRunner): Promise<string | null> {
  try {
    const loaded = await runner.load({ path });
    try {
      // float16 where that is what it takes now.
      for (const { feeds } of trials) await loaded.run(castFeeds(feeds, loaded.signature.inputs));
      return null;
    } finally {
      await loaded.release();
    }
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
}

async function requestOf({ path, scheme, runner }: Quantizing, output: string): Promise<QuantizeRequest> {
  return {
    modelPath: path,
    outputPath: output,
    force: true,
    externalData: 'auto',
    settings: { ...settings, scheme },
    data: { ...noData, ...(await inputsOf(path, runner)) },
    task: { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null },
    goals: { maxDrop: null, minSpeedup: null, maxSize: null, acceptWorse: true },
    calibrationCache: null,
    provider: 'cpu',
    strictProvider: false,
    threads: 1,
    verify: true,
    budgetMs: null,
    seed: 0,
    timeoutMs: 60_000,
  };
}

async function inputsOf(path: string, runner: ModelRunner) {
  try {
    const loaded = await runner.load({ path });
    await loaded.release();
    return knownInputs(loaded.signature);
  } catch (error) {
    if (error instanceof InferError) return {};
    throw error;
  }
}

const noData: QuantizeRequest['data'] = {
  path: null,
  samples: null,
  batch: null,
  batchDimension: undefined,
  dims: {},
  shapes: {},
  values: {},
  preprocess: null,
  pairs: null,
  tokenizer: null,
};

const settings: QuantizeRequest['settings'] = {
  scheme: 'int8',
  method: 'auto',
  target: 'cpu',
  calibration: 'auto',
  percentile: 99.99,
  activations: 'uint8',
  perChannel: true,
  reduceRange: null,
  blockSize: 32,
  symmetric: false,
  algorithm: 'auto',
  accuracyLevel: 4,
  embeddings: false,
  smooth: null,
  biasCorrection: true,
  keepIo: false,
  exclude: [],
};
