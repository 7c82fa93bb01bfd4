import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { quantize } from '../../src/commands/quantize.ts';
import { fullCase, interruptedCase, missedCase } from '../report/quantize-cases.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { refused } from './optimize-trial.ts';
import { QuantizeTrial } from './quantize-trial.ts';

vi.mock('../../src/commands/quantize.ts', () => ({ quantize: vi.fn<() => void>() }));

const files = temporaryFolder();
afterAll(files.remove);

let folder = '';
let trial = new QuantizeTrial('');
let { run, requestOf } = trial;
beforeEach(() => {
  folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new QuantizeTrial(folder);
  ({ run, requestOf } = trial);
  vi.mocked(quantize).mockImplementation(trial.play);
});

const write = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('the request', () => {
  it('has the defaults that --help shows', async () => {
    expect(await requestOf(['m.onnx', '--int8'])).toEqual({
      modelPath: 'm.onnx',
      outputPath: 'm.int8.onnx',
      force: false,
      externalData: 'auto',
      settings: {
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
      },
      data: {
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
      },
      task: { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null },
      goals: { maxDrop: null, minSpeedup: null, maxSize: null, acceptWorse: false },
      calibrationCache: null,
      provider: 'cpu',
      strictProvider: false,
      threads: null,
      verify: true,
      budgetMs: 60_000,
      seed: 0,
      timeoutMs: 120_000,
    });
  });

  it.each([
    [['--int8'], 'int8', 'd/m.int8.onnx'],
    [['--int4'], 'int4', 'd/m.int4.onnx'],
    [['--int8-weights'], 'int8-weights', 'd/m.int8w.onnx'],
    [['--fp16'], 'fp16', 'd/m.fp16.onnx'],
    [['--fp16', '--int4'], 'int4-fp16', 'd/m.int4-fp16.onnx'],
    [['--yes'], 'int8', 'd/m.int8.onnx'],
  ])('%s is %s', async (words, scheme, outputPath) => {
    expect(await requestOf(['d/m.onnx', ...words])).toMatchObject({ settings: { scheme }, outputPath });
  });

  it('has what int8 flags say', async () => {
    const words = [
      '--method',
      'static',
      '--activations',
      'int16',
      '--per-tensor',
      '--no-reduce-range',
      '--smooth',
      '0.5',
    ];
    const ranges = ['--calibration', 'percentile', '--percentile', '99.9', '--calibration-cache', 'c.json'];
    const rest = ['--no-bias-correction', '--exclude', '/a/*, Softmax', '--exclude', 'b', '--target', 'tensorrt'];
    expect(await requestOf(['m.onnx', '--int8', ...words, ...ranges, ...rest])).toMatchObject({
      settings: {
        method: 'static',
        target: 'tensorrt',
        calibration: 'percentile',
        percentile: 99.9,
        activations: 'int16',
        perChannel: false,
        reduceRange: false,
        smooth: 0.5,
        biasCorrection: false,
        exclude: ['/a/*', 'Softmax', 'b'],
      },
      calibrationCache: 'c.json',
    });
    expect((await requestOf(['m.onnx', '--int8', '--reduce-range', '--smooth', 'auto'])).settings).toMatchObject({
      reduceRange: true,
      smooth: 'auto',
    });
  });

  it('has what int4 flags say', async () => {
    const words = [
      '--block-size',
      '128',
      '--symmetric',
      '--algorithm',
      'k-quant',
      '--accuracy-level',
      '1',
      '--embeddings',
    ];
    expect((await requestOf(['m.onnx', '--int4', ...words])).settings).toMatchObject({
      blockSize: 128,
      symmetric: true,
      algorithm: 'k-quant',
      accuracyLevel: 1,
      embeddings: true,
    });
    expect((await requestOf(['m.onnx', '--int4', '--fp16', '--keep-io'])).settings).toMatchObject({ keepIo: true });
  });

  it('has what the data are and how they are scored, as evaluate reads it', async () => {
    const vocabulary = write('words.txt', 'a\nb\n');
    const data = ['--data', 'x.npz', '--samples', '9', '--batch', '4', '--batch-dim', 'n', '--pairs', 'joint'];
    const feed = ['--dim', 'seq=8', '--shape', 'x=1x2', '--input', 'sr=16000', '--tokenizer', 't.json'];
    const task = ['--task', 'ctc', '--metric', 'exact-match', '--top-k', '3', '--output-name', 'y', '--context', '64'];
    const ctc = ['--blank', '1', '--vocabulary', vocabulary];
    expect(await requestOf(['m.onnx', '--int8', ...data, ...feed, ...task, ...ctc])).toMatchObject({
      data: {
        path: 'x.npz',
        samples: 9,
        batch: 4,
        batchDimension: 'n',
        pairs: 'joint',
        dims: { seq: 8 },
        shapes: { x: [1, 2] },
        tokenizer: 't.json',
      },
      task: {
        name: 'ctc',
        metrics: ['exact-match'],
        topK: 3,
        outputName: 'y',
        context: 64,
        blank: 1,
        vocabulary: ['a', 'b'],
      },
    });
  });

  it('has goals as they were written and as they are meant', async () => {
    const goals = ['--max-drop', '0.5pt', '--min-speedup', '1.2x', '--max-size', '0.3x', '--accept-worse'];
    expect((await requestOf(['m.onnx', '--int8', '--data', 'x.npz', ...goals])).goals).toEqual({
      maxDrop: { text: '0.5pt', limit: { kind: 'points', value: 0.5 } },
      minSpeedup: { text: '1.2x', ratio: 1.2 },
      maxSize: { text: '0.3x', limit: { share: 0.3 } },
      acceptWorse: true,
    });
  });

  it.each([
    ['30%', { share: 0.3 }],
    ['10MB', { bytes: 10_000_000 }],
    ['1.5 MiB', { bytes: 1_572_864 }],
    ['800kB', { bytes: 800_000 }],
    ['2GiB', { bytes: 2 ** 31 }],
  ])('--max-size %s', async (text, limit) => {
    expect((await requestOf(['m.onnx', '--fp16', '--max-size', text])).goals.maxSize).toEqual({ text, limit });
  });

  it('has where and how long it runs', async () => {
    const words = [
      '--ep',
      'webgpu',
      '--strict-ep',
      '--threads',
      '2',
      '--timeout',
      '5s',
      '--seed',
      '7',
      '--budget',
      '2m',
    ];
    const output = ['-o', 'out.onnx', '--force', '--external-data'];
    expect(await requestOf(['m.onnx', '--fp16', ...words, ...output])).toMatchObject({
      provider: 'webgpu',
      strictProvider: true,
      threads: 2,
      timeoutMs: 5000,
      seed: 7,
      budgetMs: 120_000,
      outputPath: 'out.onnx',
      force: true,
      externalData: 'external',
    });
    expect(await requestOf(['m.onnx', '--fp16', '--no-bench', '--no-verify', '--inline-data'])).toMatchObject({
      verify: false,
      budgetMs: null,
      externalData: 'inline',
    });
  });
});

describe('a mistake of usage', () => {
  it.each([
    [[], /nothing says how to quantize: give one of --int8, --int4, --int8-weights, --fp16/],
    [['--int8', '--int4'], /--int4 makes no sense with --int8/],
    [['--int8', '--fp16'], /--fp16 makes no sense with --int8/],
    [['--int4', '--fp16', '--int8-weights'], /--int8-weights makes no sense with --int4/],
    [['--int8', '--method', 'static', '--block-size', '64'], /--block-size makes no sense with --method static/],
    [['--int8', '--method', 'dynamic', '--calibration', 'mse'], /--calibration makes no sense with --method dynamic/],
    [['--int8', '--method', 'blocks', '--smooth', '0.5'], /--smooth makes no sense with --method blocks/],
    [['--int8', '--keep-io'], /--keep-io makes no sense with --int8/],
    [['--int4', '--method', 'static'], /--method makes no sense with --int4/],
    [
      ['--int4', '--algorithm', 'rtn', '--calibration-cache', 'c.json'],
      /--calibration-cache makes no sense with --int4/,
    ],
    [['--int4', '--fp16', '--per-tensor'], /--per-tensor makes no sense with --int4 --fp16/],
    [['--fp16', '--no-bias-correction'], /--no-bias-correction makes no sense with --fp16/],
    [['--fp16', '--no-reduce-range'], /--reduce-range makes no sense with --fp16/],
    [['--int8', '--calibration', 'mse', '--percentile', '99'], /--percentile makes no sense with --calibration mse/],
    [['--int8', '--percentile', '12'], /--percentile: '12' is not a percentile/],
    [['--int8', '--smooth', '1.5'], /--smooth: '1\.5' is not off, auto or a number from 0 to 1/],
    [['--int8', '--min-speedup', 'fast'], /--min-speedup: 'fast' is not a factor/],
    [['--int8', '--min-speedup', '0x'], /--min-speedup: '0x' is not a factor/],
    [['--int8', '--max-size', '0.3'], /--max-size: '0\.3' is not a share .* or a size/],
    [['--int8', '--max-size', '0MB'], /--max-size: '0MB'/],
    [['--int8', '--max-drop', 'much', '--data', 'x.npz'], /--max-drop: 'much'/],
    [['--int8', '--max-drop', '1%'], /--data is missing: give the samples that --max-drop is judged on/],
    [['--int8', '--max-drop', '1%', '--data', 'x.npz', '--no-verify'], /--max-drop makes no sense with --no-verify/],
    [['--int8', '--min-speedup', '2x', '--no-bench'], /--min-speedup makes no sense with --no-bench/],
    [['--int8', '--min-speedup', '2x', '--no-verify'], /--min-speedup makes no sense with --no-verify/],
    [['--int8', '--method', 'statik'], /--method <name>' argument 'statik' is invalid/],
    [['--int8', '--external-data', '--inline-data'], /cannot be used with/],
    [['--int8', '--ep', 'cuad'], /did you mean 'cuda'/],
    [['--int8', '--format', 'pdf'], /--format/],
    [['--int8', '--report', 'r.pdf'], /--report: 'r\.pdf' is not a file ending in/],
  ])('%s', async (words, sentence) => {
    expect(await run(['m.onnx', ...words])).toEqual(refused(2, sentence));
    expect(trial.requests).toEqual([]);
  });

  it('without a model names it', async () => {
    expect(await run(['--int8'])).toEqual(refused(2, /MODEL is missing/));
  });

  it('is a report over what is read or written', async () => {
    const model = write('m.json', 'model');
    const cache = write('cache.json', '{}');
    const words = [model, '--int8', '-o', join(folder, 'q.json'), '--calibration-cache', cache];
    for (const path of [model, cache])
      expect(await run([...words, '--report', path])).toEqual(refused(2, /an input of/));
    expect(await run([...words, '--report', join(folder, 'q.json')])).toEqual(refused(2, /model is to be written/));
  });
});

describe('the config', () => {
  it('names model, scheme and settings, paths from its own folder; flags win', async () => {
    const config = [
      'quantize:',
      '  models: [models/m.onnx]',
      '  int8: true',
      '  data: d.npz',
      '  calibrationCache: c.json',
      '  exclude: [Softmax, /a/*]',
      '  blockSize: 64',
      '  smooth: 0.5',
      '  biasCorrection: false',
      '  maxDrop: 0.5pt',
      '  preprocess: { resize: 256, mean: [0.1, 0.2, 0.3] }',
    ];
    const path = write('infer.config.yaml', config.join('\n'));
    expect(await requestOf(['--smooth', 'auto'])).toMatchObject({
      modelPath: join('models', 'm.onnx'),
      settings: { scheme: 'int8', exclude: ['Softmax', '/a/*'], blockSize: 64, smooth: 'auto', biasCorrection: false },
      data: { path: 'd.npz' },
      calibrationCache: 'c.json',
      goals: { maxDrop: { text: '0.5pt' } },
    });
    // Its settings may serve other schemes: only flags of the command line are held against the one that is asked for.
    expect(await requestOf(['m.onnx', '--int4', '--config', path])).toMatchObject({ settings: { scheme: 'int4' } });
    expect(await run(['m.onnx', '--int4', '--smooth', 'auto'])).toEqual(
      refused(2, /--smooth makes no sense with --int4/),
    );
  });

  it.each([
    ['{"quantize":{"methd":"static"}}', /key 'quantize\.methd' .*did you mean 'method'/],
    ['{"quantize":{"int8":"yes"}}', /key 'quantize\.int8'/],
    ['{"quantize":{"int8":true,"int4":true}}', /--int4 makes no sense with --int8/],
    ['{"quantize":{"int8":true,"method":"statik"}}', /--method: there is no 'statik'; did you mean 'static'/],
    ['{"quantize":{"int8":true,"blockSize":48}}', /--block-size: there is no '48'/],
    ['{"quantize":{"int8":true,"onInconclusive":"maybe"}}', /key 'quantize\.onInconclusive'/],
    ['{"quantize":{"int8":true,"externalData":true,"inlineData":true}}', /cannot both be true/],
  ])('%s is refused', async (text, sentence) => {
    expect(await run(['m.onnx', '--config', write('c.json', text)])).toEqual(refused(2, sentence));
  });
});

describe('the result', () => {
  const undecided = fullCase({ verdict: 'inconclusive' });
  const benchFailure = { code: 'process-unstartable', details: { problem: 'EAGAIN' } };
  it.each([
    ['a goal met', fullCase(), [], 0],
    ['a goal missed', missedCase(), [], 1],
    ['a goal missed, written all the same', { ...missedCase(), output: fullCase().output }, [], 0],
    ['nothing decided', undecided, [], 0],
    ['nothing decided', undecided, ['--on-inconclusive', 'fail'], 5],
    ['nothing decided', undecided, ['--on-inconclusive', 'pass'], 0],
    ['a failed measurement', { ...missedCase(), benchFailure }, [], 4],
    ['an interruption', { ...interruptedCase(), benchFailure }, [], 130],
  ])('is %s: %j %j exits with %i', async (_, result, words, exitCode) => {
    trial.result = result;
    const outcome = await run(['m.onnx', '--int8', ...words]);
    expect(outcome).toMatchObject({ exitCode, stderr: '' });
    expect(outcome.stdout).toMatch(/^models\/cnn\.onnx/);
  });

  it('is JSON with --json, which report draws again in every format', async () => {
    const { stdout } = await run(['m.onnx', '--int8', '--json']);
    expect(JSON.parse(stdout)).toEqual(fullCase());
    const saved = write('result.json', stdout);
    expect((await runInfer(['report', saved])).stdout).toBe((await run(['m.onnx', '--int8'])).stdout);
    for (const format of ['markdown', 'csv']) {
      const drawn = await runInfer(['report', saved, '--format', format]);
      expect(drawn.stdout).toBe((await run(['m.onnx', '--int8', '--format', format])).stdout);
    }
  });

  it('goes to --report with every node, to a terminal so with --details', async () => {
    const markdown = join(folder, 'r.md');
    expect((await run(['m.onnx', '--int8', '--report', markdown])).stdout).not.toContain('/conv1/Conv');
    expect(readFileSync(markdown, 'utf8')).toContain('| /conv1/Conv | Conv | static |');
    const report = join(folder, 'r.csv');
    const { stdout } = await run(['m.onnx', '--int8', '--report', report, '--details']);
    expect(stdout).toMatch(/^ {2}\/conv1\/Conv/m);
    expect(readFileSync(report, 'utf8')).toMatch(/^model,output,scheme/);
  });
});

describe('--help', () => {
  it('shows the options with their defaults, and examples', async () => {
    const { exitCode, stdout } = await runInfer(['quantize', '--help']);
    expect(exitCode).toBe(0);
    for (const flag of ['--int8-weights', '--accept-worse', '--report <file>', '--calibration-cache <file>', '--yes'])
      expect(stdout).toContain(flag);
    expect(stdout).toMatch(/--budget <time> .*\(default: "60s"\)/);
    expect(stdout.match(/^ {2}\$ infer quantize /gm)?.length).toBeGreaterThanOrEqual(3);
  });
});
