import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildPb } from '../data/build-pb.ts';
import { buildZip } from '../data/build-zip.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { columnsModel, decisionsNpz, evaluateTrial, labeledDecisions, parseResult } from './evaluate-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let { folder, head, base, write, evaluate } = evaluateTrial(files);
beforeEach(() => {
  ({ folder, head, base, write, evaluate } = evaluateTrial(files));
});

const decisions = labeledDecisions(20, 15);
const labels = buildNpy(
  '<i8',
  [20],
  BigInt64Array.from(decisions, ({ label = 0 }) => BigInt(label)),
);
const rows = (columns: number) => buildNpy('<f4', [20, columns], new Float32Array(20 * columns));

/** Scores of three classes, times a factor that is an input of its own. */
function scaledModel(factorShape: readonly (number | string)[] = []): Uint8Array {
  const g = new GraphBuilder();
  const [x, factor] = [g.input('x', 'float32', ['batch', 6]), g.input('factor', 'float32', factorShape)];
  const bounds = [0, 3, 1].map((value, i) => g.constant(`bound_${i}`, longs([value])));
  const scores = g.op('Mul', [g.op('Slice', [x, ...bounds]), factor]);
  g.output(scores, 'scores', tensorType('float32', ['batch', 3]));
  return encodeModel(g.model());
}

/** The head in 16 bits, inputs and outputs too. */
function halfModel(): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float16', ['n', 6]);
  const bounds = [0, 3, 1].map((value, i) => g.constant(`bound_${i}`, longs([value])));
  g.output(g.op('Slice', [x, ...bounds]), 'scores', tensorType('float16', ['n', 3]));
  return encodeModel(g.model());
}

describe('inputs beside the data', () => {
  it('are the same for all samples', async () => {
    const path = write('scaled.onnx', scaledModel());
    const data = write('data.npz', decisionsNpz(decisions));
    const { exitCode, stdout } = await evaluate([path, '--data', data, '--input', 'factor=-1', '--json']);
    expect(exitCode).toBe(0);
    // Upside down, the class that was surest is never right.
    expect(parseResult(stdout).metrics[0]?.value?.value).toBeLessThan(0.26);
    const positive = await evaluate([path, '--data', data, '--input', 'factor=2', '--json']);
    expect(parseResult(positive.stdout).metrics[0]?.value?.value).toBe(0.75);
  });

  it('follow the batch where they have one, also that of a short last run', async () => {
    const path = write('scaled.onnx', scaledModel(['batch', 1]));
    const words = [path, '--data', write('data.npz', decisionsNpz(decisions)), '--batch', '8', '--json'];
    for (const value of ['2', write('factor.npy', buildNpy('<f4', [1], Float32Array.of(2)))]) {
      const { exitCode, stdout } = await evaluate([...words, '--input', `factor=${value}`]);
      expect(exitCode).toBe(0);
      expect(parseResult(stdout).metrics[0]?.value?.value).toBe(0.75);
    }
  });

  it('that nobody gives are named, with what they take', async () => {
    const path = write('scaled.onnx', scaledModel([2, 'batch']));
    const data = write('data.npz', decisionsNpz(decisions));
    expect(await evaluate([path, '--data', data])).toEqual(
      refused(3, /data\.npz has no data for input 'factor' .* it takes float32\[2, batch\], and --input factor=VALUE/),
    );
  });

  it('are asked of the reference too, and each model is fed what it takes', async () => {
    const scaled = write('scaled.onnx', scaledModel());
    const data = write('data.npz', decisionsNpz(decisions));
    expect(await evaluate([head, '--data', data, '--reference', scaled])).toEqual(refused(3, /input 'factor'/));
    const words = ['--data', data, '--input', 'factor=1', '--json'];
    for (const pair of [
      [head, '--reference', scaled],
      [scaled, '--reference', head],
    ]) {
      const { exitCode, stdout } = await evaluate([...pair, ...words]);
      expect(exitCode).toBe(0);
      expect(parseResult(stdout)).toMatchObject({ closeness: [{ output: 'scores', exact: true }] });
    }
  });
});

describe('two models', () => {
  it('may take the data in different types', async () => {
    const half = write('half.onnx', halfModel());
    const words = ['--data', write('data.npz', decisionsNpz(decisions)), '--json'];
    for (const pair of [
      [half, '--reference', base],
      [base, '--reference', half],
    ])
      expect((await evaluate([...pair, ...words])).exitCode).toBe(0);
  });

  it('may differ in batch: the one that fixes it decides', async () => {
    const single = write('single.onnx', columnsModel(3, 1));
    const words = ['--data', write('data.npz', decisionsNpz(decisions)), '--json'];
    for (const pair of [
      [head, '--reference', single],
      [single, '--reference', head],
    ]) {
      const result = parseResult((await evaluate([...pair, ...words])).stdout);
      expect(result).toMatchObject({ samples: 20, settings: { batch: 1 }, closeness: [{ samples: 20 }] });
    }
    const four = write('four.onnx', columnsModel(3, 3));
    const result = parseResult((await evaluate([head, '--reference', four, ...words])).stdout);
    // The last run repeats a sample, which does not count.
    expect(result).toMatchObject({ samples: 20, settings: { batch: 3 }, metrics: [{ samples: 20 }, {}] });
    expect(await evaluate([head, '--reference', four, ...words, '--batch', '4'])).toEqual(
      refused(2, /--batch: '4' is not 3, which the model or the data fix/),
    );
  });

  it('that no data suit are named with what they take', async () => {
    const wide = write(
      'wide.onnx',
      ((g) => {
        g.output(g.op('Relu', [g.input('x', 'float32', ['batch', 7])]), 'scores', tensorType('float32', ['batch', 7]));
        return encodeModel(g.model());
      })(new GraphBuilder()),
    );
    const data = write('data.npz', decisionsNpz(decisions));
    expect(await evaluate([head, '--data', data, '--reference', wide])).toEqual(
      refused(
        2,
        /input 'x' of .*head\.onnx is float32\[batch, 6\], that of .*wide\.onnx is float32\[batch, 7\]: no data/,
      ),
    );
  });
});

describe('bad data', () => {
  const archive = (entries: Readonly<Record<string, Uint8Array>>) =>
    write('bad.npz', buildZip(Object.entries(entries).map(([name, data]) => ({ name: `${name}.npy`, data }))));

  it.each([
    [{ x: rows(6), label: labels, extra: rows(1) }, 3, /has 'extra', which is not an input/],
    [{ z: rows(6), label: labels }, 3, /'z', which is not an input|no data for input 'x'/],
    [{ x: rows(5), label: labels }, 3, /input 'x' has shape .*5.* where the model takes \[.*6\]/],
    [{ x: buildNpy('<f4', [20, 6], new Float32Array(120).fill(Number.NaN)), label: labels }, 3, /not finite in sample/],
    [
      { x: rows(6), label: buildNpy('<i8', [20], new BigInt64Array(20).fill(7n)) },
      3,
      /label 7 is none of .* 3 classes/,
    ],
    [{ x: rows(6), label: buildNpy('<i8', [19], new BigInt64Array(19)) }, 3, /19/],
    [{ x: buildNpy('<f4', [0, 6], new Float32Array()) }, 3, /bad\.npz/],
  ])('is met with one sentence: case %#', async (entries, exitCode, sentence) => {
    const { exitCode: found, stdout, stderr } = await evaluate([head, '--data', archive(entries)]);
    expect({ exitCode: found, stdout }).toEqual({ exitCode, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('without labels or a reference nothing would be scored', async () => {
    expect(await evaluate([head, '--data', archive({ x: rows(6) })])).toEqual(
      refused(2, /--reference is missing: give a model to compare with, since the data have neither labels/),
    );
  });

  it('an empty folder or none at all', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await evaluate([head, '--data', join(folder, 'empty')])).toEqual(refused(3, /the folder is empty/));
    expect(await evaluate([head, '--data', join(folder, 'none.npz')])).toEqual(refused(2, /none\.npz: no such file/));
  });
});

describe('expected outputs', () => {
  it('are what the outputs are held against, without a reference', async () => {
    const set = join(folder, 'test_data_set_0');
    mkdirSync(set);
    writeFileSync(join(set, 'input_0.pb'), buildPb('x', [1, 6], [1, 2, 3, 0, 0, 0]));
    writeFileSync(join(set, 'output_0.pb'), buildPb('scores', [1, 3], [1, 2, 3.5]));
    const { exitCode, stdout } = await evaluate([head, '--data', folder, '--json', '--min-sqnr', '10']);
    expect(exitCode).toBe(0);
    const { closeness, closenessTo, metrics, sqnr } = parseResult(stdout);
    expect({ closenessTo, metrics }).toEqual({ closenessTo: 'expected', metrics: [] });
    expect(closeness).toMatchObject([{ output: 'scores', maxAbs: 0.5, argmaxAgreement: { value: 1 } }]);
    // 10 log10((1 + 4 + 12.25) / 0.25)
    expect(closeness[0]?.sqnrDb?.value).toBeCloseTo(10 * Math.log10(17.25 / 0.25), 6);
    expect(sqnr).not.toBeNull();
  });
});

describe('usage', () => {
  it.each([
    [[], /MODEL is missing/],
    [['HEAD'], /--data is missing: give samples as \.npz/],
    [['HEAD', '--data', 'd.npz', '--max-drop', '1pt'], /--reference is missing: .* --max-drop/],
    [['HEAD', '--data', 'd.npz', '--reference', 'HEAD', '--max-drop', 'much'], /--max-drop: 'much' is not points/],
    [['HEAD', '--data', 'd.npz', '--min-sqnr', '-3'], /--min-sqnr: '-3' is not a number from 0 on/],
    [['HEAD', '--data', 'd.npz', '--task', 'clasification'], /--task: .*did you mean 'classification'/],
    [['HEAD', '--data', 'd.npz', '--metric', 'acuracy'], /--metric: .*did you mean 'accuracy'/],
    [['HEAD', '--data', 'd.npz', '--metric', 'perplexity'], /--metric: 'perplexity' is not one of accuracy/],
    [
      ['HEAD', '--data', 'd.npz', '--on-inconclusive', 'cry'],
      /'cry' is invalid\. Allowed choices are warn, fail, pass/,
    ],
    [['HEAD', '--data', 'd.npz', '--context', '1'], /--context: '1' is not a whole number from 2 on/],
    [['HEAD', '--data', 'd.npz', '--output-name', 'nope'], /nope/],
    [
      ['HEAD', '--data', 'd.npz', '--dim', 'bacth=3'],
      /--dim bacth: the model has no such dimension; did you mean 'batch'/,
    ],
    [['HEAD', '--data', 'd.npz', '--input', 'z=3'], /the model has no input 'z'/],
    [['HEAD', '--data', 'd.npz', '--shape', 'x=1x5'], /input 'x': shape \[1, 5\] does not fit/],
    [['HEAD', '--data', 'd.npz', '--preprocess', 'crop'], /--preprocess: 'crop' is not a list such as/],
    [['HEAD', '--data', 'd.npz', '--vocabulary', 'none.txt'], /none\.txt: no such file; a vocabulary was expected/],
    [['HEAD', '--data', 'd.npz', '--batch', '0'], /--batch: '0' is not a whole number/],
    [['HEAD', '--data', 'd.npz', '--ep', 'cpu,cuda'], /--ep: there is no 'cpu,cuda'/],
    [['HEAD', '--data', 'd.npz', '--reference', 'gone.onnx'], /gone\.onnx: no such file/],
    [['HEAD', '--data', 'd.npz', '-o', 'result.xml'], /--output: 'result\.xml' is not a file ending in/],
  ])('%j is refused', async (words, sentence) => {
    const paths = new Map([
      ['HEAD', head],
      ['d.npz', write('d.npz', decisionsNpz(decisions))],
    ]);
    expect(await evaluate(words.map((word) => paths.get(word) ?? word))).toEqual(refused(2, sentence));
  });

  it('a provider that is missing is exit code 4, with the cure', async () => {
    const runtime = new OptimizingRuntime({ unusable: { cuda: { reason: 'no driver', cure: 'install one' } } });
    const words = [head, '--data', write('d.npz', decisionsNpz(decisions)), '--ep', 'cuda'];
    expect(await evaluate(words, { runtime })).toEqual(refused(4, /cuda cannot be used here: no driver; install one/));
  });

  it('--dim of the batch is --batch', async () => {
    const words = [head, '--data', write('d.npz', decisionsNpz(decisions)), '--dim', 'batch=5', '--json'];
    expect(parseResult((await evaluate(words)).stdout).settings).toMatchObject({ batch: 5, dims: {} });
  });
});

describe('the config', () => {
  it('names model, reference and data from its own folder; flags win', async () => {
    write('d.npz', decisionsNpz(decisions));
    const config = write(
      'some.yaml',
      'evaluate: { models: [head.onnx], reference: base.onnx, data: d.npz, maxDrop: 60pt, metric: [accuracy], format: json }',
    );
    const run = (...words: readonly string[]) => evaluate(['--config', config, ...words], { cwd: process.cwd() });
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(parseResult(stdout)).toMatchObject({ goal: { maxDrop: '60pt' }, metrics: [{ name: 'accuracy' }] });
    const flags = await run('--max-drop', '5pt', '--metric', 'macro-f1');
    expect(parseResult(flags.stdout)).toMatchObject({ goal: { maxDrop: '5pt' }, metrics: [{ name: 'macro-f1' }] });
  });

  const withConfig = (text: string) => {
    const words = ['--data', write('d.npz', decisionsNpz(decisions)), '--config', write('some.yaml', text)];
    return evaluate([head, ...words]);
  };

  it('may say in a table what is done to images', async () => {
    const table = '{ resize: [8, 6], resizeMode: pad, mean: [0.4, 0.5, 0.6], std: 0.5 }';
    expect(await withConfig(`evaluate: { preprocess: ${table} }`)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    ['evaluate: { preprocess: { resizemode: pad } }', /evaluate\.preprocess\.resizemode.*did you mean 'resizeMode'/],
    ['evaluate: { preprocess: { std: 0 } }', /--preprocess std: '0' is not/],
    ['evaluate: { refrence: base.onnx }', /evaluate\.refrence.*did you mean 'reference'/],
  ])('%s is refused', async (text, sentence) => expect(await withConfig(text)).toEqual(refused(2, sentence)));
});

describe('an interruption', () => {
  /** Ctrl-C at the given run. */
  function interruptedAt(run: number) {
    let interrupt = (): void => undefined;
    const real = inProcessRunner();
    let runs = 0;
    const load: typeof real.load = async (...words) => {
      const loaded = await real.load(...words);
      return {
        ...loaded,
        run: async (...feeds) => {
          const outputs = await loaded.run(...feeds);
          if (++runs === run) interrupt();
          return outputs;
        },
      };
    };
    const runtime = new OptimizingRuntime({}, { ...real, load });
    return { runtime, world: { runtime, onInterrupt: (stop: () => void) => (interrupt = stop) } };
  }

  it('shows and saves what was scored so far, without a verdict: exit code 130', async () => {
    const words = [head, '--data', write('d.npz', decisionsNpz(decisions)), '--batch', '2'];
    const { runtime, world } = interruptedAt(4);
    const output = join(folder, 'half.json');
    const goal = ['--reference', base, '--max-drop', '1pt'];
    const { exitCode, stdout, stderr } = await evaluate([...words, ...goal, '-o', output], world);
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
    expect(stdout).toMatch(/d\.npz: \d+ of 20 samples \(interrupted\)$/m);
    expect(stdout).toMatch(/^NO VERDICT \(interrupted\): /m);
    expect(runtime.openRunners).toBe(0);
  });

  it('before there is anything to show: one sentence', async () => {
    const { world } = interruptedAt(0);
    const stop = { ...world, onInterrupt: (interrupt: () => void) => interrupt() };
    expect(await evaluate([head, '--data', write('d.npz', decisionsNpz(decisions))], stop)).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'interrupted before there was a result\n',
    });
  });
});
