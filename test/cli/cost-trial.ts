import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BenchResult, Point, Round } from '../../src/bench/bench-result.ts';
import { costResultSchema } from '../../src/cost/cost-result.ts';
import type { CostOption, CostResult } from '../../src/cost/cost-result.ts';
import { aloneCase } from '../report/evaluate-cases.ts';
import { benchResult, environment, okPoint } from '../report/fixture-bench-result.ts';
import type { World } from './buffered-io.ts';
import { runInfer } from './buffered-io.ts';

/** A server whose runs take τ0 + α·b, and what its result says of it. */
export interface ServerSketch {
  readonly path?: string;
  readonly sha256?: string;
  readonly tau0Ms?: number;
  readonly alphaMs?: number;
  readonly batches?: readonly number[];
  readonly threads?: number;
  /** By how much rounds differ from their middle, one entry a round; their geometric mean is 1. */
  readonly moods?: readonly number[];
  readonly rest?: Partial<BenchResult>;
}

/** The server of the published formulas: 592.593 items a second at batch 8. */
const golden = { tau0Ms: 3.5, alphaMs: 1.25 };
const usualMoods = [1.01, 1, 1 / 1.01];

/** A saved bench of one model over several batches. */
export function serverResult(sketch: ServerSketch = {}): BenchResult {
  const { path = 'fp32.onnx', sha256 = 'a'.repeat(64), rest } = sketch;
  const { tau0Ms = golden.tau0Ms, alphaMs = golden.alphaMs } = sketch;
  const { batches = [1, 2, 4, 8], threads = 8, moods = usualMoods } = sketch;
  const points = batches.map((batch) => serverPoint(path, { batch, threads, moods, ms: tau0Ms + alphaMs * batch }));
  const result = benchResult([path], points, rest);
  return { ...result, models: result.models.map((model) => ({ ...model, sha256 })) };
}

interface PointShape {
  readonly batch: number;
  readonly threads: number;
  readonly moods: readonly number[];
  readonly ms: number;
}

function serverPoint(path: string, { batch, threads, moods, ms }: PointShape): Point {
  const point = okPoint([path], { batch, threads, p50: ms, dims: { N: batch } });
  const [usual] = point.rounds;
  if (usual === undefined) throw new RangeError('the fixture has rounds');
  // Runs of one round take equally long: the mean of single runs is their median.
  const rounds = moods.map((mood, round): Round => ({ ...usual, round, latencyMs: Array(30).fill(ms * mood) }));
  return { ...point, requestedDims: {}, rounds };
}

/** Several models in one result. */
export function resultOf(...servers: readonly ServerSketch[]): BenchResult {
  const results = servers.map(serverResult);
  const [first] = results;
  if (first === undefined) throw new RangeError('a result has a model');
  return {
    ...first,
    models: results.flatMap(({ models }) => models),
    points: results.flatMap(({ points }, modelIndex) => points.map((point) => ({ ...point, modelIndex }))),
  };
}

/** A saved evaluation of a model's file. */
export function accuracyOf(sha256: string, value: number) {
  const usual = aloneCase();
  const [metric] = usual.metrics;
  if (metric === undefined) throw new RangeError('the fixture has a metric');
  const metrics = [{ ...metric, value: { value, low: value - 0.01, high: value + 0.01 } }];
  return { ...usual, model: { ...usual.model, sha256 }, metrics };
}

/** The machine of the fixtures as the catalog knows it. */
export const measuringEnvironment = environment;

/** `infer cost` in a folder of its own. */
export class CostTrial {
  readonly cwd: string;

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  readonly write = (name: string, content: string | object): string => {
    const path = join(this.cwd, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return name;
  };

  readonly run = (words: readonly string[], world: World = {}) =>
    runInfer(['cost', ...words], { cwd: this.cwd, ...world });

  /** The result of a command line that goes well. */
  readonly resultOf = async (words: readonly string[], world: World = {}): Promise<CostResult> => {
    const { exitCode, stdout, stderr } = await this.run([...words, '--json'], world);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return costResultSchema.parse(JSON.parse(stdout));
  };
}

/** The only option of an instance, bought in a way. */
export function optionOf({ options }: CostResult, instance: string, purchase = 'on-demand'): CostOption {
  const found = options.filter((option) => option.instance === instance && option.purchase === purchase);
  const [option] = found;
  if (option === undefined || found.length > 1) throw new Error(`${found.length} options of ${instance}`);
  return option;
}

/** On the measured machine, so that nothing is projected. */
export const onGolden = ['--measured-on', 'c7i.2xlarge', '--instance', 'c7i.2xlarge'] as const;
