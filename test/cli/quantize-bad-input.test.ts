import { existsSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { addModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { convolutions, parseQuantize, quantizeCase, scaledProduct } from './quantize-case.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = await quantizeCase(files);
beforeEach(async () => {
  trial = await quantizeCase(files);
});

const noBench = '--no-bench';

describe('bad input', () => {
  const nan = () => Float32Array.from({ length: 120 * 32 }, (_, i) => (i === 40 ? Number.NaN : i));
  const cases: Readonly<
    Record<
      string,
      readonly [words: () => Promise<readonly string[]> | readonly string[], exitCode: number, sentence: RegExp]
    >
  > = {
    'nothing to quantize': [
      () => [trial.write('add.onnx', addModel()), '--int8'],
      3,
      /add\.onnx has nothing to quantize/,
    ],
    'blocks of nothing but convolutions': [
      () => [trial.write('conv.onnx', convolutions()), '--int4', '--exclude', 'head'],
      3,
      /conv\.onnx has nothing to quantize \(2 nodes: .*; 1 node: /,
    ],
    'blocks of a product that is scaled': [
      () => [trial.write('scaled.onnx', scaledProduct()), '--int4'],
      3,
      /scaled\.onnx has nothing to quantize \(1 node: /,
    ],
    'data that are not there': [() => [trial.model, '--int8', '--data', 'gone.npz'], 2, /gone\.npz: no such file/],
    'data of another shape': [
      async () => [
        trial.model,
        '--int8',
        '--data',
        await trial.npz('bad.npz', { x: { ...trial.rows, dims: [240, 16] } }),
      ],
      3,
      /bad\.npz: 'x' has shape \[16\]|takes \[batch, 32\]/,
    ],
    'data with NaN': [
      async () => [trial.model, '--int8', '--data', await trial.npz('nan.npz', { x: { ...trial.rows, data: nan() } })],
      3,
      /nan\.npz.*(NaN|not finite|not a number)/i,
    ],
    'a pattern that matches nothing': [
      () => [trial.model, '--int8', '--exclude', 'fc3'],
      2,
      /--exclude: no node has a name or operator like 'fc3'; did you mean 'fc[12]'/,
    ],
    'integers where there is no kernel': [
      () => [trial.model, '--int8', '--target', 'webgpu'],
      2,
      /--int8 is nothing for --target webgpu: .*give another --target or another scheme/,
    ],
    'blocks where there is no kernel': [
      () => [trial.model, '--int4', '--target', 'tensorrt'],
      2,
      /--int4 is nothing for --target tensorrt/,
    ],
    'no scheme': [() => [trial.model], 2, /nothing says how to quantize: give one of .*--int8/],
    'no model': [() => ['gone.onnx', '--int8'], 2, /gone\.onnx: no such file/],
    'gptq without data': [
      () => [trial.model, '--int4', '--algorithm', 'gptq'],
      3,
      /cannot be quantized without samples: .*--data/,
    ],
    'a limit without data': [() => [trial.model, '--int8', '--max-drop', '1%'], 2, /--data/],
    'a bad limit': [() => [trial.model, '--int8', '--max-size', 'small'], 2, /--max-size: 'small'/],
    'an unknown dimension': [() => [trial.model, '--int8', '--dim', 'batsh=1'], 2, /did you mean 'batch'/],
  };

  it.each(Object.entries(cases))('%s: one sentence, and nothing is written', async (_, [words, exitCode, sentence]) => {
    const given = await words();
    const before = trial.written();
    const outcome = await trial.quantize([...given, noBench]);
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n(\(see --help\)\n)?$/);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toMatch(/^\s+at |undefined|\[object/m);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(trial.written()).toEqual(before);
  });

  it.each(['--int8', '--int4', '--int8-weights'])('a model that %s made already', async (scheme) => {
    const { model, output, quantize, folder } = trial;
    expect((await quantize([model, scheme, noBench, '--accept-worse', '-o', output])).exitCode).toBe(0);
    const outcome = await quantize([output, '--int8', '-o', `${folder}/twice.onnx`]);
    expect(outcome).toMatchObject({ exitCode: 3, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^error: [^\n]*out\.onnx is quantized already: node '[^']+' is \w+; give the float model[^\n]*\n$/,
    );
    expect(existsSync(`${folder}/twice.onnx`)).toBe(false);
  });

  it('values that never change are told, and the model is made all the same', async () => {
    const { model, npz, quantize, output, rows } = trial;
    const data = await npz('zeros.npz', { x: { ...rows, data: new Float32Array(rows.data.length) } });
    const { exitCode, stdout } = await quantize([
      model,
      '--int8',
      '--method',
      'static',
      '--data',
      data,
      noBench,
      '-o',
      output,
      '--json',
    ]);
    expect(exitCode).toBe(0);
    const found = parseQuantize(stdout).warnings.find(({ code }) => code === 'constant-activations');
    expect(found?.details).toMatchObject({ values: expect.arrayContaining(['x']) });
  });
});
