import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { prune } from '../../src/commands/prune.ts';
import { depthCase, fullCase, interruptedCase, missedCase, sparseCase } from '../report/prune-cases.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { refused } from './optimize-trial.ts';
import { PruneTrial } from './prune-trial.ts';

vi.mock('../../src/commands/prune.ts', () => ({ prune: vi.fn<() => void>() }));

const files = temporaryFolder();
afterAll(files.remove);

let folder = '';
let trial = new PruneTrial('');
let { run, requestOf } = trial;
beforeEach(() => {
  folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new PruneTrial(folder);
  ({ run, requestOf } = trial);
  vi.mocked(prune).mockImplementation(trial.play);
});

const write = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const nothing = { channels: null, heads: null, width: null, layers: null, sparsity: null };

describe('the request', () => {
  it('has the defaults that --help shows', async () => {
    expect(await requestOf(['m.onnx', '--channels', '0.5'])).toEqual({
      modelPath: 'm.onnx',
      outputPath: 'm.pruned.onnx',
      force: false,
      externalData: 'auto',
      settings: {
        ...nothing,
        channels: 0.5,
        global: false,
        score: 'auto',
        sparsityScore: 'auto',
        roundTo: 16,
        reconstruct: true,
        steps: 1,
        distillEpochs: null,
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
      goals: { maxDrop: null, targetLatency: null, targetSize: null, targetMacs: null, acceptWorse: false },
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
    [['--channels', '0.5'], { channels: 0.5 }],
    [['--channels', '50%'], { channels: 0.5 }],
    [['--channels', '12.5 %'], { channels: 0.125 }],
    [['--channels', '.5', '--heads', '0.25', '--width', '10%'], { channels: 0.5, heads: 0.25, width: 0.1 }],
    [['--layers', '2'], { layers: 2 }],
    [['--sparsity', '0.8'], { sparsity: { ratio: 0.8 } }],
    [['--sparsity', '80%'], { sparsity: { ratio: 0.8 } }],
    [['--sparsity', '2:4'], { sparsity: { keep: 2, of: 4 } }],
    [['--sparsity', '1:16'], { sparsity: { keep: 1, of: 16 } }],
    [['--yes'], { channels: 0.25 }],
    [['--yes', '--layers', '1'], { layers: 1 }],
    [['--target-macs', '0.5x'], {}],
    [['--max-drop', '1%', '--data', 'd.npz'], {}],
  ])('%s', async (words, wanted) => {
    const request = await requestOf(['d/m.onnx', ...words]);
    expect(request).toMatchObject({ settings: { ...nothing, ...wanted }, outputPath: 'd/m.pruned.onnx' });
  });

  it('has how units are chosen and repaired', async () => {
    const words = ['--global', '--score', 'wifv', '--round-to', '8', '--no-reconstruct', '--steps', '3'];
    const rest = ['--distill', '5', '--exclude', '/a/*, Softmax', '--exclude', 'b', '--data', 'd.npz'];
    expect((await requestOf(['m.onnx', '--channels', '0.5', ...words, ...rest])).settings).toMatchObject({
      global: true,
      score: 'wifv',
      roundTo: 8,
      reconstruct: false,
      steps: 3,
      distillEpochs: 5,
      exclude: ['/a/*', 'Softmax', 'b'],
    });
    const sparse = ['--sparsity', '2:4', '--sparsity-score', 'wanda', '--data', 'd.npz'];
    expect((await requestOf(['m.onnx', ...sparse])).settings).toMatchObject({ sparsityScore: 'wanda' });
  });

  it('lets blocks be dropped without refitting the norms behind them', async () => {
    const request = await requestOf(['m.onnx', '--layers', '2', '--no-reconstruct']);
    expect(request.settings).toMatchObject({ layers: 2, reconstruct: false });
  });

  it('trains for ten epochs where --distill says no number', async () => {
    const request = await requestOf(['m.onnx', '--data', 'd.npz', '--heads', '0.5', '--distill']);
    expect(request.settings).toMatchObject({ distillEpochs: 10 });
  });

  it('has what the data are and how they are scored, as evaluate reads it', async () => {
    const data = ['--data', 'x.npz', '--samples', '9', '--batch', '4', '--batch-dim', 'n', '--pairs', 'joint'];
    const feed = ['--dim', 'seq=8', '--shape', 'x=1x2', '--input', 'sr=16000', '--tokenizer', 't.json'];
    const task = ['--task', 'ctc', '--metric', 'exact-match', '--top-k', '3', '--output-name', 'y', '--context', '64'];
    expect(await requestOf(['m.onnx', '--channels', '0.5', ...data, ...feed, ...task])).toMatchObject({
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
      task: { name: 'ctc', metrics: ['exact-match'], topK: 3, outputName: 'y', context: 64 },
    });
  });

  it('has goals as they were written and as they are meant', async () => {
    const goals = ['--max-drop', '0.5pt', '--target-latency', '0.6x', '--target-size', '0.5x', '--target-macs', '40%'];
    expect((await requestOf(['m.onnx', '--data', 'x.npz', ...goals, '--accept-worse'])).goals).toEqual({
      maxDrop: { text: '0.5pt', limit: { kind: 'points', value: 0.5 } },
      targetLatency: { text: '0.6x', share: 0.6 },
      targetSize: { text: '0.5x', limit: { share: 0.5 } },
      targetMacs: { text: '40%', share: 0.4 },
      acceptWorse: true,
    });
    const bytes = await requestOf(['m.onnx', '--target-size', '10MB', '--target-latency', '.6']);
    expect(bytes.goals).toMatchObject({ targetSize: { limit: { bytes: 10_000_000 } }, targetLatency: { share: 0.6 } });
  });

  it('has where and how long it runs', async () => {
    const place = ['--ep', 'webgpu', '--strict-ep', '--threads', '2', '--timeout', '5s', '--seed', '7'];
    const output = ['--budget', '2m', '-o', 'out.onnx', '--force', '--external-data'];
    expect(await requestOf(['m.onnx', '--channels', '0.5', ...place, ...output])).toMatchObject({
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
    expect(
      await requestOf(['m.onnx', '--target-macs', '0.5x', '--no-bench', '--no-verify', '--inline-data']),
    ).toMatchObject({ verify: false, budgetMs: null, externalData: 'inline' });
  });
});

describe('the config', () => {
  it('names model, shares and settings, paths from its own folder; flags win', async () => {
    const config = [
      'prune:',
      '  models: [models/m.onnx]',
      '  channels: 50%',
      '  heads: 0.25',
      '  data: d.npz',
      '  exclude: [Softmax, /a/*]',
      '  roundTo: 8',
      '  score: activation',
      '  reconstruct: false',
      '  distill: true',
      '  maxDrop: 0.5pt',
      '  targetLatency: 0.6x',
      '  preprocess: { resize: 256, mean: [0.1, 0.2, 0.3] }',
    ];
    const path = write('infer.config.yaml', config.join('\n'));
    expect(await requestOf(['--score', 'l1'])).toMatchObject({
      modelPath: join('models', 'm.onnx'),
      settings: {
        channels: 0.5,
        heads: 0.25,
        exclude: ['Softmax', '/a/*'],
        roundTo: 8,
        score: 'l1',
        reconstruct: false,
        distillEpochs: 10,
      },
      data: { path: 'd.npz' },
      goals: { maxDrop: { text: '0.5pt' }, targetLatency: { share: 0.6 } },
    });
    // Its shares and settings may serve other kinds: only flags of the command line are held against the one asked for.
    const sparse = await requestOf(['m.onnx', '--sparsity', '0.8', '--no-bench', '--config', path]);
    expect(sparse).toMatchObject({
      settings: { ...nothing, sparsity: { ratio: 0.8 } },
      goals: { maxDrop: { text: '0.5pt' }, targetLatency: null },
    });
  });

  it.each([
    ['{"prune":{"distill":3,"channels":0.5,"data":"d.npz"}}', 3],
    ['{"prune":{"distill":false,"channels":0.5,"data":"d.npz"}}', null],
  ])('%s trains for %j epochs', async (text, distillEpochs) => {
    const { settings } = await requestOf(['m.onnx', '--config', write('c.json', text)]);
    expect(settings).toMatchObject({ distillEpochs });
  });

  it.each([
    ['{"prune":{"chanels":0.5}}', /key 'prune\.chanels' .*did you mean 'channels'/],
    ['{"prune":{"channels":true}}', /key 'prune\.channels'/],
    ['{"prune":{"channels":1}}', /--channels: '1' is not a share to remove below 1/],
    ['{"prune":{"channels":0.5,"layers":2}}', /--layers makes no sense with --channels/],
    ['{"prune":{"channels":0.5,"score":"l3"}}', /--score: there is no 'l3'; did you mean 'l[12]'/],
    ['{"prune":{"sparsity":"2:4","targetLatency":"0.6x"}}', /--target-latency makes no sense with --sparsity/],
    ['{"prune":{"channels":0.5,"onInconclusive":"maybe"}}', /key 'prune\.onInconclusive'/],
    ['{"prune":{"channels":0.5,"externalData":true,"inlineData":true}}', /cannot both be true/],
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
    const outcome = await run(['m.onnx', '--channels', '0.5', ...words]);
    expect(outcome).toMatchObject({ exitCode, stderr: '' });
    expect(outcome.stdout).toMatch(/^models\/cnn\.onnx/);
  });

  it.each([
    ['structured', fullCase()],
    ['depth', depthCase()],
    ['pattern', sparseCase()],
  ])('of %s is JSON with --json, which report draws again in every format', async (_, result) => {
    trial.result = result;
    const { stdout } = await run(['m.onnx', '--channels', '0.5', '--json']);
    expect(JSON.parse(stdout)).toEqual(result);
    const saved = write('result.json', stdout);
    expect((await runInfer(['report', saved])).stdout).toBe((await run(['m.onnx', '--channels', '0.5'])).stdout);
    for (const format of ['markdown', 'csv']) {
      const drawn = await runInfer(['report', saved, '--format', format]);
      expect(drawn.stdout).toBe((await run(['m.onnx', '--channels', '0.5', '--format', format])).stdout);
    }
  });

  it('goes to --report with every group, to a terminal so with --details', async () => {
    const markdown = join(folder, 'r.md');
    expect((await run(['m.onnx', '--channels', '0.5', '--report', markdown])).stdout).not.toContain('Sensitivity');
    expect(readFileSync(markdown, 'utf8')).toContain('| /stem/Conv | channels | 64 |');
    const report = join(folder, 'r.csv');
    const { stdout } = await run(['m.onnx', '--channels', '0.5', '--report', report, '--details']);
    expect(stdout).toContain('Sensitivity');
    expect(readFileSync(report, 'utf8')).toMatch(/^model,output,pruned/);
  });
});

describe('--help', () => {
  it('shows the options with their defaults, and examples', async () => {
    const { exitCode, stdout } = await runInfer(['prune', '--help']);
    expect(exitCode).toBe(0);
    for (const flag of ['--width <share>', '--accept-worse', '--report <file>', '--distill [epochs]', '--yes'])
      expect(stdout).toContain(flag);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/--round-to <n> [^<]*\(default: "16"\)/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/--budget <time> [^<]*\(default: "60s"\)/);
    expect(stdout.match(/^ {2}\$ infer prune /gm)?.length).toBeGreaterThanOrEqual(3);
  });
});
