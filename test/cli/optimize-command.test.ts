import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { modelIn, optimizeTrial, parseResult, refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let { folder, model, output, write, optimize } = optimizeTrial(files);
beforeEach(() => {
  ({ folder, model, output, write, optimize } = optimizeTrial(files));
});

describe('the model', () => {
  it('is written beside the input, under a name that says what it is', async () => {
    const { exitCode, stdout, stderr } = await optimize([model]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(`${model} -> ${join(folder, 'linear.optimized.onnx')}`);
    expect(readdirSync(folder).toSorted()).toEqual(['linear.onnx', 'linear.optimized.onnx']);
    expect(modelIn(join(folder, 'linear.optimized.onnx')).graph.nodeCount).toBe(1);
  });

  it.each([
    ['a.b.onnx', 'a.b.optimized.onnx'],
    ['weird', 'weird.optimized.onnx'],
    ['model.ONNX', 'model.optimized.ONNX'],
  ])('%s becomes %s', async (name, expected) => {
    expect((await optimize([write(name, linearModel())])).exitCode).toBe(0);
    expect(existsSync(join(folder, expected))).toBe(true);
  });

  it('goes where -o says, over an older one only with --force', async () => {
    write('out.onnx', 'older');
    expect(await optimize([model, '-o', output])).toEqual(refused(2, /out\.onnx exists already; give --force/));
    expect(readFileSync(output, 'utf8')).toBe('older');
    expect((await optimize([model, '-o', output, '--force'])).exitCode).toBe(0);
    expect(modelIn(output).graph.nodeCount).toBe(1);
  });

  it.each(['--force', '--accept-worse'])('never replaces its source, not even with %s', async (flag) => {
    const before = readFileSync(model);
    const link = join(folder, 'link.onnx');
    symlinkSync(model, link);
    for (const path of [model, link])
      expect(await optimize([model, '-o', path, flag])).toEqual(refused(2, /it is an input of this very command/));
    expect(readFileSync(model)).toEqual(before);
  });

  it('is not written where there is no folder, or no file can be', async () => {
    expect(await optimize([model, '-o', join(folder, 'no', 'out.onnx')])).toEqual(
      refused(2, /there is no folder .*no;/),
    );
    expect(await optimize([model, '-o', folder, '--force'])).toEqual(refused(2, /it is a directory/));
    expect(readdirSync(folder)).toEqual(['linear.onnx']);
  });
});

describe('the result', () => {
  it('is JSON on stdout with --json, which report draws again', async () => {
    const { exitCode, stdout, stderr } = await optimize([model, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(parseResult(stdout)).toMatchObject({
      kind: 'optimize',
      schemaVersion: 1,
      command: ['infer', 'optimize', model, '--json'],
      createdAt: '2025-03-04T05:06:07.000Z',
      ok: true,
      verification: { status: 'equal', outputs: [{ name: 'y', matches: true }] },
    });
    const table = await optimize([model, '--force']);
    const saved = write('result.json', stdout);
    expect(await runInfer(['report', saved])).toEqual(table);
    const markdown = await runInfer(['report', saved, '--format', 'markdown']);
    expect(markdown.stdout).toBe((await optimize([model, '--force', '--format', 'markdown'])).stdout);
    expect(await runInfer(['report', saved, '--format', 'csv'])).toEqual(refused(2, /'csv'/));
  });

  it.each([
    ['result.json', /^\{\n {2}"schemaVersion": 1/],
    ['result.md', /^\*\*.*linear\.onnx/],
    ['result.txt', /linear\.onnx -> /],
  ])('goes to --report %s by its extension, whatever stdout gets', async (name, pattern) => {
    const report = join(folder, 'new', name);
    const { exitCode, stdout } = await optimize([model, '--report', report, '--json']);
    expect(exitCode).toBe(0);
    expect(readFileSync(report, 'utf8')).toMatch(pattern);
    expect(parseResult(stdout).output?.path).toBe(join(folder, 'linear.optimized.onnx'));
  });

  it('is not written over the model, its source, or in a format that it does not have', async () => {
    const source = write('model.json', linearModel());
    const before = readFileSync(source);
    const cases = [
      [['-o', join(folder, 'a.json'), '--report', join(folder, 'a.json')], /the model is to be written there/],
      [['-o', join(folder, 'a.json'), '--report', `${folder}/./x/../a.json`], /the model is to be written there/],
      [['--report', source], /it is an input of this very command/],
      [['--report', join(folder, 'a.csv')], /--report: '.*a\.csv' is not a file ending in .*\.json/],
    ] as const;
    for (const [words, sentence] of cases) expect(await optimize([source, ...words])).toEqual(refused(2, sentence));
    expect(readFileSync(source)).toEqual(before);
  });

  it('has every operator with --details', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    g.output(g.op('Identity', [g.op('Relu', [x])]), 'y', tensorType('float32', [2]));
    const path = write('relu.onnx', encodeModel(g.model()));
    expect((await optimize([path])).stdout).not.toContain('Relu');
    expect((await optimize([path, '--force', '--details'])).stdout).toMatch(/^ {2}Relu +1 +1$/m);
  });

  it.each(['-q', '--quiet'])('is all there is with %s too', async (flag) => {
    expect(await optimize([model, '--force', flag])).toEqual({ ...(await optimize([model, '--force'])), stderr: '' });
  });
});

describe('the rewrites', () => {
  it('--dim bakes a length in; inputs are numbers then, and the values are compared', async () => {
    const { exitCode, stdout } = await optimize([model, '-o', output, '--dim', 'batch=3', '--json']);
    expect(exitCode).toBe(0);
    expect(parseResult(stdout)).toMatchObject({ dims: { batch: 3 }, verification: { status: 'equal', inputs: 3 } });
    const { inputs, outputs } = modelIn(output).graph;
    expect([...inputs, ...outputs].map(({ type }) => type)).toMatchObject([{ shape: [3, 4] }, { shape: [3, 3] }]);
  });

  it('--shape is for the comparison alone', async () => {
    const { stdout } = await optimize([model, '-o', output, '--shape', 'x=3x4', '--json']);
    expect(parseResult(stdout)).toMatchObject({ dims: { batch: 3 }, before: { macs: 36 }, after: { macs: 36 } });
    expect(modelIn(output).graph.inputs[0]?.type).toMatchObject({ shape: ['batch', 4] });
  });

  it('--opset upgrades', async () => {
    expect((await optimize([model, '-o', output, '--opset', '21'])).exitCode).toBe(0);
    expect(modelIn(output)).toMatchObject({ opset: 21, irVersion: 10 });
  });

  it.each(['16', '99', 'newest'])('--opset %s is a mistake of usage', async (opset) => {
    expect(await optimize([model, '-o', output, '--opset', opset])).toEqual(
      refused(2, /--opset: '\w+' is not a whole/),
    );
    expect(existsSync(output)).toBe(false);
  });

  it('--opset of a model with an operator that nobody can upgrade names the node, exit code 3', async () => {
    const g = new GraphBuilder();
    const mystery = g.op('Mystery', [g.input('x', 'float32', [2])], { name: 'node_9' });
    g.output(mystery, 'y', tensorType('float32', [2]));
    const path = write('mystery.onnx', encodeModel(g.model({ opset: 9 })));
    expect(await optimize([path, '--opset', '21'])).toEqual(refused(3, /node 'node_9' \(Mystery\) cannot be upgraded/));
  });

  it('--dynamic-batch names the node that stands in the way, exit code 3', async () => {
    const g = new GraphBuilder();
    const product = g.op('MatMul', [g.constant('w', floats([1, 2], [1, 2])), g.input('x', 'float32', [2, 2])], {
      name: 'mixer',
    });
    g.output(product, 'y', tensorType('float32', [1, 2]));
    const path = write('mixing.onnx', encodeModel(g.model()));
    expect(await optimize([path, '--dynamic-batch'])).toEqual(refused(3, /node 'mixer' \(MatMul\)/));
    expect(readdirSync(folder).toSorted()).toEqual(['linear.onnx', 'mixing.onnx']);
  });

  it('--skip leaves passes out; a name that nobody knows is met with a suggestion', async () => {
    const skipped = await optimize([model, '--json', '--skip', 'fuse-matmul-add-to-gemm, fold-constants']);
    expect(parseResult(skipped.stdout).after.nodes).toBe(2);
    const unknown = await optimize([model, '--skip', 'fold-constant', '--force']);
    expect(unknown).toEqual(refused(2, /--skip: there is no 'fold-constant'; did you mean 'fold-constants'\?/));
    const nowhere = await optimize([model, '--target', 'gpu', '--force']);
    expect(nowhere).toEqual(refused(2, /'--target <name>' argument 'gpu' is invalid/));
  });

  it.each([
    ['--dim', 'batsh=3', /--dim batsh: the model has no such dimension; did you mean 'batch'/],
    ['--dim', 'batch', /--dim: 'batch' is not NAME=VALUE/],
    ['--input', 'z=1', /the model has no input 'z'/],
    ['--shape', 'x=3x5', /input 'x': shape \[3, 5\] does not fit/],
    ['--data', 'none.npz', /none\.npz: no such file/],
    ['--samples', '0', /--samples: '0' is not/],
    ['--seed', 'x', /--seed: 'x' is not/],
    ['--atol', '-1', /--atol: '-1' is not/],
  ])('%s %s is a mistake of usage', async (flag, value, sentence) => {
    expect(await optimize([model, flag, value])).toEqual(refused(2, sentence));
    expect(readdirSync(folder)).toEqual(['linear.onnx']);
  });
});

describe('the data of tensors', () => {
  const big = () => {
    const g = new GraphBuilder();
    const w = g.constant(
      'w',
      floats(
        [1024],
        Array.from({ length: 1024 }, (_, i) => i),
      ),
    );
    g.output(g.op('Mul', [g.input('x', 'float32', [1024]), w]), 'y', tensorType('float32', [1024]));
    return write('big.onnx', encodeModel(g.model()));
  };

  it('goes beside the model and back', async () => {
    expect((await optimize([big(), '-o', output, '--external-data'])).stdout).toMatch(/^Data +.*out\.onnx\.data/m);
    expect(readFileSync(`${output}.data`)).toHaveLength(4096);
    const back = join(folder, 'back.onnx');
    expect((await optimize([output, '-o', back, '--inline-data'])).exitCode).toBe(0);
    // What was never changed comes back byte for byte.
    expect(readFileSync(back)).toEqual(readFileSync(join(folder, 'big.onnx')));
  });

  it('cannot go both ways; the command line wins over the config', async () => {
    const both = await optimize([big(), '--external-data', '--inline-data']);
    expect(both).toEqual(refused(2, /--(external|inline)-data' cannot be used with/));
    const config = write('some.json', '{"optimize":{"externalData":true}}');
    expect((await optimize([big(), '-o', output, '--config', config, '--inline-data'])).exitCode).toBe(0);
    expect(existsSync(`${output}.data`)).toBe(false);
    const bad = write('bad.json', '{"optimize":{"externalData":true,"inlineData":true}}');
    expect(await optimize([model, '--config', bad])).toEqual(refused(2, /externalData and inlineData cannot both/));
  });
});

describe('the config', () => {
  it('names the model from its own folder and sets options; flags win', async () => {
    const config = write('infer.config.yaml', 'optimize: { models: [linear.onnx], dim: { batch: 2 }, format: json }');
    const cwd = join(folder, 'below');
    mkdirSync(cwd);
    // Found upward from the working directory, which is where its paths are then told from.
    const found = await optimize(['-o', output], { cwd });
    expect(found).toEqual(refused(2, /\.\.\/linear\.onnx: no such file/));
    const named = await optimize([model, '-o', output, '--config', config], { cwd });
    expect(parseResult(named.stdout).dims).toEqual({ batch: 2 });
    const flagged = await optimize([model, '-o', output, '--force', '--dim', 'batch=5', '--format', 'table'], { cwd });
    expect(flagged.stdout).toMatch(/^Dimensions +batch=5 /m);
  });

  it('turns the comparison off, and passes', async () => {
    const text = '{"optimize":{"verify":false,"skip":["fuse-matmul-add-to-gemm","fold-constants"],"details":true}}';
    const { stdout } = await optimize([model, '--config', write('c.json', text)]);
    expect(stdout).toContain('not compared (--no-verify)');
    expect(stdout).toMatch(/^ {2}MatMul +1 +1$/m);
  });

  it.each([
    ['{"optimize":{"skipp":"x"}}', /there is no such key.*did you mean 'skip'/],
    ['{"optimize":{"opset":"new"}}', /--opset: 'new'/],
    ['{"optimize":{"models":["a.onnx","b.onnx"]}}', /key 'optimize\.models'/],
    ['{"optimize":{"format":"csv"}}', /--format/],
  ])('%s is refused', async (text, sentence) => {
    expect(await optimize([model, '--config', write('c.json', text)])).toEqual(refused(2, sentence));
  });
});

describe('--help', () => {
  it('shows the options with their defaults, and examples', async () => {
    const { exitCode, stdout } = await runInfer(['optimize', '--help']);
    expect(exitCode).toBe(0);
    for (const flag of ['--force', '--accept-worse', '--report <file>', '--details', '--dynamic-batch', '--no-verify'])
      expect(stdout).toContain(flag);
    expect(stdout).toMatch(/--budget <time> .*\(default: "20s"\)/);
    expect(stdout.match(/^ {2}\$ infer optimize /gm)?.length).toBeGreaterThanOrEqual(3);
  });
});
