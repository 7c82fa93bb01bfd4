import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { castTensor } from '../../src/onnx/tensor-types/cast-tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runModel } from '../numerics/run-model.ts';
import { runInfer } from './buffered-io.ts';
import { modelIn } from './optimize-trial.ts';
import { clockedRuntime, convolutions, parseQuantize, quantizeCase } from './quantize-case.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = await quantizeCase(files);
beforeEach(async () => {
  trial = await quantizeCase(files);
});

const noBench = '--no-bench';

function operatorsIn(path: string): readonly string[] {
  const model = modelIn(path);
  checkGraph(model);
  return [...model.graph.nodes()].map(({ op }) => op);
}

function madeHow(path: string): unknown {
  return JSON.parse(modelIn(path).metadata.find(({ key }) => key === 'infer.quantize')?.value ?? 'null');
}

describe('what is written', () => {
  it.each([
    ['--int8', 'net.int8.onnx', 'MatMul', 0.4],
    ['--int4', 'net.int4.onnx', 'MatMulNBits', 0.4],
    ['--int8-weights', 'net.int8w.onnx', 'DequantizeLinear', 0.5],
    ['--fp16', 'net.fp16.onnx', 'Gemm', 0.6],
    ['--int4 --fp16', 'net.int4-fp16.onnx', 'MatMulNBits', 0.4],
  ])(
    '%s: a smaller model beside the input that loads and says how it was made',
    async (scheme, name, operator, share) => {
      const { model, data, folder, quantize, written, rows } = trial;
      const words = [...scheme.split(' '), '--data', data, noBench, '--accept-worse', '--json'];
      const { exitCode, stdout, stderr } = await quantize([model, ...words]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(written()).toEqual([name]);
      const path = `${folder}/${name}`;
      const result = parseQuantize(stdout);
      expect(result).toMatchObject({
        kind: 'quantize',
        output: { path, dataPath: null },
        evaluation: { source: 'data', samples: 120 },
        benchFailure: null,
      });
      expect(result.size.afterBytes).toBeLessThan(share * result.size.beforeBytes + 3000);
      expect(operatorsIn(path).some((op) => op.includes(operator))).toBe(true);
      const x = modelIn(path).graph.inputs[0]?.type;
      const type = x?.kind === 'tensor' && x.elementType === 'float16' ? 'float16' : 'float32';
      expect(type === 'float16').toBe(scheme.includes('fp16'));
      const outputs = await runModel(readFileSync(path), { x: castTensor(rows, type) });
      expect(Object.keys(outputs)).toEqual(['logits']);
      expect(madeHow(path)).toMatchObject({
        version: result.tool.version,
        source: { path: model, sha256: result.model.sha256 },
        options: { scheme: result.settings.scheme, target: 'cpu', seed: 0 },
        data: expect.stringMatching(/^[0-9a-f]{12}$/),
      });
    },
  );

  it('avoids what WebGPU computes wrong, where it is to run there', async () => {
    const { folder, quantize } = trial;
    const g = new GraphBuilder();
    const values = Array.from({ length: 72 }, (_, at) => (at % 7) - 3);
    const y = g.op('Conv', [g.input('x', 'float32', [1, 6, 8]), g.constant('w', floats([4, 6, 3], values))]);
    g.output(y, 'y', tensorType('float32', [1, 4, 6]));
    const path = `${folder}/conv.onnx`;
    writeFileSync(path, encodeModel(g.model({ opset: 17 })));
    for (const [target, channels] of Object.entries({ cpu: 6, webgpu: 8 })) {
      const output = `${folder}/${target}.onnx`;
      const words = ['--fp16', '--keep-io', '--target', target, noBench, '--accept-worse', '-o', output];
      expect(await quantize([path, ...words])).toMatchObject({ exitCode: 0, stderr: '' });
      const conv = [...modelIn(output).graph.nodes()].find((node) => node.is('Conv'));
      expect(conv?.input(1)?.constant).toMatchObject({ type: 'float16', dims: [4, channels, 3] });
    }
  });

  it('is told by infer inspect', async () => {
    const { model, output, quantize, data } = trial;
    expect((await quantize([model, '--int8', '--data', data, noBench, '-o', output])).exitCode).toBe(0);
    const { stdout } = await runInfer(['inspect', output], { runtime: clockedRuntime() });
    expect(stdout).toMatch(/^Quantized by infer$/m);
    expect(stdout).toMatch(/^ {2}Scheme +int8$/m);
    expect(stdout).toMatch(/^ {2}Data +hash [0-9a-f]{12}$/m);
  });

  it.each([
    ['dynamic', 'DynamicQuantizeLinear'],
    ['static', 'QuantizeLinear'],
    ['blocks', 'MatMulNBits'],
  ])('--method %s has %s', async (method, operator) => {
    const { model, output, quantize } = trial;
    const words = ['--int8', '--method', method, noBench, '-o', output, '--json'];
    const { exitCode, stdout } = await quantize([model, ...words]);
    expect(exitCode).toBe(0);
    expect(operatorsIn(output).some((op) => op.includes(operator))).toBe(true);
    expect(new Set(parseQuantize(stdout).nodes.map(({ treatment }) => treatment))).toEqual(new Set([method]));
  });

  it('leaves out what --exclude names, by name, pattern or operator', async () => {
    const { model, output, quantize } = trial;
    const treatments = async (...words: readonly string[]) => {
      const outcome = await quantize([model, '--int8', noBench, '-o', output, '--force', '--json', ...words]);
      const nodes = parseQuantize(outcome.stdout).nodes.map(({ name, reason }) => [name, reason]);
      return Object.fromEntries(nodes);
    };
    expect(await treatments('--exclude', 'fc2')).toEqual({ fc1: null, fc2: 'excluded' });
    expect(await treatments('--exclude', '*1')).toEqual({ fc1: 'excluded', fc2: null });
    const all = await quantize([model, '--int8', noBench, '-o', output, '--force', '--exclude', 'Gemm']);
    expect(all).toMatchObject({ exitCode: 3, stdout: '' });
    expect(all.stderr).toMatch(/has nothing to quantize \(2 nodes: /);
  });

  it.each([7, 12, 17])('comes of convolutions of operator set %i, too', async (opset) => {
    const { write, output, quantize } = trial;
    const { exitCode, stdout } = await quantize([
      write('conv.onnx', convolutions(opset)),
      '--int8',
      '--method',
      'static',
      noBench,
      '-o',
      output,
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(operatorsIn(output).length).toBeGreaterThan(3);
    const { nodes, warnings } = parseQuantize(stdout);
    expect(nodes.filter(({ treatment }) => treatment !== 'float').map(({ op }) => op)).toContain('Conv');
    // Made-up inputs vouch for nothing.
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['synthetic-calibration', 'quality-unknown']),
    );
  });

  it('is compared with nothing by --no-verify', async () => {
    const { model, output, quantize, data } = trial;
    const { exitCode, stdout } = await quantize([
      model,
      '--int8',
      '--no-verify',
      noBench,
      '--data',
      data,
      '-o',
      output,
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(parseQuantize(stdout)).toMatchObject({ evaluation: { source: 'none', samples: 0 }, speedup: null });
    expect(operatorsIn(output).length).toBeGreaterThan(2);
  });

  it('replaces an older one only with --force, and its source never', async () => {
    const { model, output, quantize, write } = trial;
    write('out.onnx', 'older');
    const words = ['--int8', '--method', 'dynamic', noBench];
    expect(await quantize([model, ...words, '-o', output])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(readFileSync(output, 'utf8')).toBe('older');
    const before = readFileSync(model);
    expect((await quantize([model, ...words, '-o', model, '--force'])).exitCode).toBe(2);
    expect(readFileSync(model)).toEqual(before);
    expect((await quantize([model, ...words, '-o', output, '--force'])).exitCode).toBe(0);
    expect(operatorsIn(output).length).toBeGreaterThan(2);
  });

  it('is the same for the same seed', async () => {
    const { model, output, quantize, data } = trial;
    const bytes = async () => {
      await quantize([model, '--int8', '--data', data, noBench, '-o', output, '--force']);
      return readFileSync(output);
    };
    expect((await bytes()).equals(await bytes())).toBe(true);
  });
});

describe('a goal that is missed', () => {
  it.each([
    ['--max-size', '0.01x', 'max-size'],
    ['--min-speedup', '100x', 'min-speedup'],
    ['--max-drop', '0.0000001', 'max-drop'],
  ])('%s %s: exit code 1, nothing written, the report kept; --accept-worse writes', async (flag, limit, goal) => {
    const { model, data, quantize, written, folder } = trial;
    // Where nothing says what the outputs are, every bit of noise is a drop.
    const task = flag === '--max-drop' ? ['--task', 'none'] : [];
    const speed = flag === '--min-speedup' ? ['--budget', '1s'] : [noBench];
    const words = [model, '--int8', '--data', data, flag, limit, ...task, '--report', `${folder}/report.json`];
    const missed = await quantize([...words, ...speed]);
    expect(missed).toMatchObject({ exitCode: 1, stderr: '' });
    expect(written()).toEqual(['report.json']);
    const report = parseQuantize(readFileSync(`${folder}/report.json`, 'utf8'));
    expect(report).toMatchObject({ ok: false, verdict: 'fail', output: null });
    expect(report.goals.find(({ verdict }) => verdict === 'fail')?.goal).toBe(goal);
    expect((await quantize([...words, ...speed, '--accept-worse'])).exitCode).toBe(0);
    expect(written()).toEqual(['net.int8.onnx', 'report.json']);
  });

  it('a model that is not faster is not written unless that is accepted', async () => {
    const { model, data, quantize, written } = trial;
    const words = [model, '--int8', '--data', data, '--budget', '1s'];
    const runtime = clockedRuntime(3);
    expect((await quantize([...words, '--json'], { runtime })).exitCode).toBe(1);
    expect(written()).toEqual([]);
    expect((await quantize([...words, '--accept-worse'], { runtime })).exitCode).toBe(0);
    expect(written()).toEqual(['net.int8.onnx']);
  });

  it('a faster one is, with how much faster', async () => {
    const { model, data, quantize } = trial;
    const { exitCode, stdout } = await quantize([
      model,
      '--int8',
      '--data',
      data,
      '--budget',
      '1s',
      '--min-speedup',
      '1.5x',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    const { speedup, goals } = parseQuantize(stdout);
    expect(speedup?.ratio.value).toBeCloseTo(2);
    expect(goals).toContainEqual({ goal: 'min-speedup', limit: '1.5x', asked: true, verdict: 'pass' });
  });

  it('float16 is refused on an x64 processor with exit code 1, and written with --accept-worse', async () => {
    const { model, quantize, written } = trial;
    const missed = await quantize([model, '--fp16', noBench, '--json']);
    expect(missed.exitCode).toBe(1);
    expect(parseQuantize(missed.stdout).goals).toContainEqual(
      expect.objectContaining({ goal: 'float16-on-cpu', verdict: 'fail' }),
    );
    expect(written()).toEqual([]);
    expect((await quantize([model, '--fp16', noBench, '--accept-worse'])).exitCode).toBe(0);
    expect(written()).toEqual(['net.fp16.onnx']);
  });
});

describe('a calibration cache', () => {
  it('is written, read again without data, and refused for another model', async () => {
    const { model, data, quantize, folder, write, output } = trial;
    const cache = `${folder}/ranges.json`;
    const words = [
      '--int8',
      '--method',
      'static',
      noBench,
      '--calibration-cache',
      cache,
      '-o',
      output,
      '--force',
      '--json',
    ];
    const first = parseQuantize((await quantize([model, ...words, '--data', data])).stdout);
    expect(first.calibration).toMatchObject({ source: 'data', samples: 120 });
    const bytes = readFileSync(output);
    const text = readFileSync(cache, 'utf8');
    const again = parseQuantize((await quantize([model, ...words, '--data', data])).stdout);
    expect(again.calibration).toMatchObject({ source: 'cache', path: cache, samples: 120 });
    expect(readFileSync(output).equals(bytes)).toBe(true);
    expect(readFileSync(cache, 'utf8')).toBe(text);
    const other = await quantize([write('other.onnx', convolutions()), ...words]);
    expect(other).toMatchObject({ exitCode: 3, stdout: '' });
    expect(other.stderr).toMatch(/^error: [^\n]*ranges\.json holds the calibration of something else[^\n]*\n$/);
    writeFileSync(cache, '{');
    expect((await quantize([model, ...words])).stderr).toMatch(/no calibration cache, or a broken one/);
  });
});

describe('digits, on a runtime of its own process', () => {
  const digits = (name: string) => fileURLToPath(new URL(`../../fixtures/digits/${name}`, import.meta.url));

  it.each(['cnn', 'mlp'])('%s in int8 keeps its accuracy', async (name) => {
    const { output, quantize } = trial;
    const words = [
      '--int8',
      '--method',
      'static',
      '--data',
      digits('test.npz'),
      '--samples',
      '100',
      noBench,
      '-o',
      output,
      '--json',
    ];
    const { exitCode, stdout, stderr } = await quantize([digits(`${name}.onnx`), ...words], {
      runtime: createProcessRuntime(),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { evaluation, candidates, size, coverage } = parseQuantize(stdout);
    expect(evaluation.samples).toBe(100);
    expect(candidates.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(coverage.parameters).toBeGreaterThan(0.5);
    expect(size.afterBytes).toBeLessThan(size.beforeBytes * 0.7);
  });
});
