import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { OptimizeEvent } from '../../src/commands/optimize-event.ts';
import { optimize } from '../../src/commands/optimize.ts';
import type { OptimizeRequest } from '../../src/commands/optimize.ts';
import { rewriteTolerance } from '../../src/compute/equivalence.ts';
import { RuntimeError } from '../../src/errors.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, floats } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { optimizeResultSchema } from '../../src/optimize/optimize-result.ts';
import type { Script, ScriptedRun } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { insteadOfLoading, offByOne, OptimizingRuntime } from './optimizing.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A folder and a model in it for each test. */
let folder = '';
let modelPath = '';
let outputPath = '';
beforeEach(() => {
  folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  modelPath = files.write(join(basename(folder), 'linear.onnx'), linearModel());
  outputPath = join(folder, 'out.onnx');
});

const rewriteNothingElse = { dims: {}, dynamicBatch: false, opset: null, inlineFunctions: false, skip: [] };

interface Call {
  readonly request?: Partial<OptimizeRequest>;
  readonly runtime?: OptimizingRuntime;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: OptimizeEvent) => void;
}

function run({ request, runtime = new OptimizingRuntime(), signal, onEvent }: Call = {}) {
  const whole: OptimizeRequest = {
    modelPath,
    outputPath,
    force: false,
    acceptWorse: false,
    rewrite: rewriteNothingElse,
    externalData: 'auto',
    verify: true,
    inputs: { shapes: {}, values: {}, dataPath: null, samples: null, seed: 0 },
    tolerance: rewriteTolerance,
    bench: null,
    timeoutMs: 60_000,
    ...request,
  };
  return optimize(whole, {
    runtime,
    envelope: { schemaVersion: 1, tool: { name: 'infer', version: '0' }, createdAt: '', command: [] },
    signal: signal ?? new AbortController().signal,
    onEvent: onEvent ?? (() => undefined),
  });
}

/** A model of a fixed batch of four rows. */
function batchOfFour(): Uint8Array {
  const g = new GraphBuilder();
  const weights = g.constant(
    'w',
    floats(
      [4, 4],
      Array.from({ length: 16 }, (_, i) => i / 16),
    ),
  );
  const product = g.op('MatMul', [g.input('x', 'float32', [4, 4]), weights]);
  g.output(g.op('Identity', [product]), 'y', tensorType('float32', [4, 4]));
  return encodeModel(g.model());
}

describe('what is written', () => {
  it('is the cleaned model; the result says what it weighs', async () => {
    const result = await run();
    expect(optimizeResultSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({ kind: 'optimize', ok: true, output: { path: outputPath, dataPath: null } });
    // MatMul and Add become a Gemm of 4·3 multiply-adds for a batch of one.
    expect(result.before).toMatchObject({ nodes: 2, operators: { MatMul: 1, Add: 1 }, macs: 12 });
    expect(result.after).toMatchObject({ nodes: 1, operators: { Gemm: 1 }, macs: 12 });
    const opened = openModel(outputPath);
    opened.close();
    expect(opened.sizeBytes).toBe(result.output?.sizeBytes);
    expect([...opened.model.graph.nodes()].map(({ op }) => op)).toEqual(['Gemm']);
    expect(readdirSync(folder).toSorted()).toEqual(['linear.onnx', 'out.onnx']);
  });

  it('is nothing when outputs differ; the result is there all the same', async () => {
    const runtime = new OptimizingRuntime({}, offByOne());
    const result = await run({ runtime });
    expect(result).toMatchObject({
      ok: false,
      output: null,
      verification: { status: 'different', outputs: [{ name: 'y', matches: false, mismatches: 9 }] },
    });
    expect(result.verification).toHaveProperty('outputs.0.maxAbs', expect.closeTo(1, 5));
    expect(result.after.nodes).toBe(1);
    expect(readdirSync(folder)).toEqual(['linear.onnx']);
    expect(runtime.openRunners).toBe(0);
  });

  it('is the model all the same when that is accepted', async () => {
    const runtime = new OptimizingRuntime({}, offByOne());
    const result = await run({ runtime, request: { acceptWorse: true } });
    expect(result).toMatchObject({ ok: false, verification: { status: 'different' }, output: { path: outputPath } });
    expect(existsSync(outputPath)).toBe(true);
  });

  it('is nothing that its own inputs would be lost to', async () => {
    const before = readFileSync(modelPath);
    const data = files.write('x.npy', new Uint8Array(1));
    const inputs = { shapes: {}, values: {}, dataPath: null, samples: null, seed: 0 };
    for (const request of [
      { outputPath: modelPath, force: true },
      { outputPath: data, force: true, inputs: { ...inputs, dataPath: data } },
      { outputPath: data, force: true, inputs: { ...inputs, values: { x: { kind: 'file' as const, path: data } } } },
    ])
      await expect(run({ request })).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(readFileSync(modelPath)).toEqual(before);
    expect(readFileSync(data)).toHaveLength(1);
  });
});

describe('figures', () => {
  it('count the MACs of a batch made dynamic at the size it had', async () => {
    modelPath = files.write('four.onnx', batchOfFour());
    const result = await run({ request: { rewrite: { ...rewriteNothingElse, dynamicBatch: true } } });
    expect([result.before.macs, result.after.macs]).toEqual([64, 64]);
    expect(result.verification).toMatchObject({ status: 'equal', batched: true });
    const opened = openModel(outputPath);
    opened.close();
    expect(opened.model.graph.inputs[0]?.type).toMatchObject({ shape: ['batch', 4] });
  });

  it('know dimensions by the place of an axis too, without running anything', async () => {
    const request = { rewrite: { ...rewriteNothingElse, dims: { 'x#0': 5 } }, verify: false };
    const result = await run({ request });
    expect(result).toMatchObject({ dims: { batch: 5 }, before: { macs: 60 }, after: { macs: 60 } });
  });

  it('count the data of a file that is used further', async () => {
    const request = { externalData: 'external' as const };
    modelPath = files.write('four.onnx', bigModel());
    const external = await run({ request });
    expect(external.output).toMatchObject({ dataPath: `${outputPath}.data`, dataBytes: 4096, externalBytes: 4096 });
    modelPath = outputPath;
    outputPath = join(folder, 'again.onnx');
    const again = await run();
    expect(again.model.externalBytes).toBe(4096);
    expect(again.output).toMatchObject({ dataPath: null, dataBytes: 0, externalBytes: 4096 });
    outputPath = join(folder, 'inline.onnx');
    const inline = await run({ request: { externalData: 'inline' } });
    expect(inline.output).toMatchObject({ dataPath: null, externalBytes: 0 });
    expect(inline.output?.sizeBytes).toBeGreaterThan(4096);
  });
});

/** One tensor of 4 KiB. */
function bigModel(): Uint8Array {
  const g = new GraphBuilder();
  const w = g.constant(
    'w',
    floats(
      [1024],
      Array.from({ length: 1024 }, (_, i) => i),
    ),
  );
  g.output(g.op('Mul', [g.input('x', 'float32', [1024]), w]), 'y', tensorType('float32', [1024]));
  return encodeModel(g.model());
}

describe('what goes wrong inside', () => {
  it('a pass with a bug is named, with those before it', async () => {
    modelPath = files.write('foldable.onnx', foldableModel());
    const runner = insteadOfLoading(() => {
      throw new TypeError('a bug');
    });
    const runtime = new OptimizingRuntime({}, runner);
    await expect(run({ runtime })).rejects.toMatchObject({
      name: 'PassError',
      pass: 'fold-constants',
      before: expect.arrayContaining(['constants-to-initializers']),
      cause: { message: 'a bug' },
    });
    expect(existsSync(outputPath)).toBe(false);
    expect(runtime.openRunners).toBe(0);
  });

  it('what the user can mend comes out as it is', async () => {
    const rewrite = { ...rewriteNothingElse, opset: 7 };
    await expect(run({ request: { rewrite } })).rejects.toMatchObject({ name: 'UsageError', code: 'bad-value' });
  });

  it.each(['pass', 'verifying', 'saving'] as const)('Ctrl-C at the first event "%s" leaves nothing', async (kind) => {
    const interruption = new AbortController();
    const runtime = new OptimizingRuntime();
    const onEvent = (event: OptimizeEvent) => {
      if (event.kind === kind) interruption.abort();
    };
    // In this process nobody kills the runner, so that the next step is what notices.
    await expect(run({ runtime, signal: interruption.signal, onEvent })).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toEqual(['linear.onnx']);
    expect(runtime.openRunners).toBe(0);
  });
});

/** y = x + (1 + 2), of two constants. */
function foldableModel(): Uint8Array {
  const g = new GraphBuilder();
  const sum = g.op('Add', [g.constant('one', floats([1], [1])), g.constant('two', floats([1], [2]))]);
  g.output(g.op('Add', [g.input('x', 'float32', [1]), sum]), 'y', tensorType('float32', [1]));
  return encodeModel(g.model());
}

describe('--bench', () => {
  const bench = { threads: 1, budgetMs: 1000 };
  const isOutput = ({ options }: ScriptedRun) => options.modelPath === outputPath;
  const timed = (runMs: Script['runMs']) => new OptimizingRuntime({ runMs });

  it('tells how many times faster the written model is', async () => {
    const result = await run({ runtime: timed((at) => (isOutput(at) ? 2 : 3)), request: { bench } });
    expect(result.speedup).toMatchObject({ ratio: { value: expect.closeTo(1.5, 9) }, ep: 'cpu', threads: 1 });
    expect(result).toMatchObject({ benchFailure: null, interrupted: false });
  });

  it('feeds both models alike, also where the batch was made dynamic', async () => {
    modelPath = files.write('four.onnx', batchOfFour());
    const rows = new Map<string, Set<number>>();
    const runtime = new OptimizingRuntime({
      signature: ({ modelPath: path }) => ({
        inputs: [{ name: 'x', type: 'float32', shape: [path === outputPath ? 'batch' : 4, 4] }],
        outputs: [{ name: 'y', type: 'float32', shape: [path === outputPath ? 'batch' : 4, 4] }],
      }),
      runMs: ({ options, feeds }) => {
        const seen = rows.get(options.modelPath) ?? new Set();
        rows.set(options.modelPath, seen.add(feeds['x']?.dims[0] ?? 0));
        return 1;
      },
    });
    const rewrite = { ...rewriteNothingElse, dynamicBatch: true };
    const result = await run({ runtime, request: { bench, rewrite } });
    expect(result.speedup?.ratio.value).toBeCloseTo(1, 9);
    expect(Object.fromEntries(rows)).toEqual({ [modelPath]: new Set([4]), [outputPath]: new Set([4]) });
  });

  it('keeps model and result when a measurement fails', async () => {
    const runtime = timed((at) => {
      if (isOutput(at)) throw new RuntimeError('run-failed', { model: outputPath, provider: 'cpu', problem: 'no' });
      return 1;
    });
    const result = await run({ runtime, request: { bench } });
    expect(optimizeResultSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({ ok: true, speedup: null, benchFailure: { code: 'run-failed' } });
    expect(existsSync(outputPath)).toBe(true);
    expect(runtime.openSessions).toBe(0);
  });

  it('keeps model and result when it is interrupted', async () => {
    const interruption = new AbortController();
    const runtime = timed(() => {
      interruption.abort();
      throw interruption.signal.reason;
    });
    const result = await run({ runtime, request: { bench }, signal: interruption.signal });
    expect(result).toMatchObject({ ok: true, speedup: null, interrupted: true });
    expect(existsSync(outputPath)).toBe(true);
    expect(runtime.openSessions).toBe(0);
  });

  it('measures nothing where nothing was written', async () => {
    const runtime = new OptimizingRuntime({}, offByOne());
    expect(await run({ runtime, request: { bench } })).toMatchObject({ speedup: null, benchFailure: null });
    expect(runtime.opened).toEqual([]);
  });
});
