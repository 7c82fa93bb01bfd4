import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, long, longs } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { readCalibrationCache } from '../../src/quantize/calibration/calibration-cache.ts';
import { normal } from '../distill/small-students.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { modelIn } from './optimize-trial.ts';
import { parseQuantize, quantizeCase } from './quantize-case.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = await quantizeCase(files);
beforeEach(async () => {
  trial = await quantizeCase(files);
});

const isStatic = ['--int8', '--method', 'static', '--no-bench'];

/** `fc` sees every row, `rare` only those whose first number is above `least`. */
function rareRows(least: number): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 32]);
  const weight = (name: string) => g.constant(`${name}_w`, normal([32, 8], { seed: 5, name }));
  const first = g.op('Gather', [x, g.constant('zero', long(0))], { attributes: { axis: 1 } });
  const isRare = g.op('Greater', [first, g.constant('least', floats([], [least]))]);
  const rows = g.op('Compress', [x, isRare], { attributes: { axis: 0 }, as: 'rare_rows' });
  const rare = g.op('MatMul', [rows, weight('rare')], { name: 'rare', as: 'rare_scores' });
  const sum = g.op('ReduceSum', [rare, g.constant('axis', longs([0]))], { attributes: { keepdims: 1 } });
  const scores = g.op('MatMul', [x, weight('fc')], { name: 'fc' });
  g.output(g.op('Add', [scores, sum]), 'logits', tensorType('float32', ['batch', 8]));
  return encodeModel(g.model());
}

describe('a tensor that no sample fills', () => {
  it('is named with the node that makes it and the cure, and that node stays in float', async () => {
    const { write, data, output, quantize } = trial;
    const words = [write('rare.onnx', rareRows(1e6)), ...isStatic, '--data', data, '-o', output];
    const { exitCode, stdout } = await quantize([...words, '--json']);
    expect(exitCode).toBe(0);
    const { warnings, nodes } = parseQuantize(stdout);
    const found = warnings.find(({ code }) => code === 'never-executed');
    expect(found?.details).toMatchObject({
      values: expect.arrayContaining(['rare_rows', 'rare_scores']),
      nodes: expect.arrayContaining(['rare']),
    });
    expect(found?.details).not.toMatchObject({ nodes: expect.arrayContaining(['fc']) });
    expect(nodes).toContainEqual(expect.objectContaining({ name: 'rare', treatment: 'float', reason: 'not-executed' }));
    expect(nodes).toContainEqual(expect.objectContaining({ name: 'fc', treatment: 'static' }));
    expect([...modelIn(output).graph.nodes()].filter(({ op }) => op === 'QuantizeLinear')).toHaveLength(1);
    const told = await quantize([...words, '--force', '--details']);
    expect(told.stdout).toMatch(
      /never run by the samples and stay in float: [^\n]*\brare \('rare_scores'\)[^;]*; give data that take/,
    );
    expect(told.stdout).toMatch(/rare +MatMul +float[^\n]*no sample reached it/);
  });

  it('is no warning where a single sample fills it', async () => {
    const { write, data, rows, output, quantize } = trial;
    const most = Math.max(...Array.from({ length: 120 }, (_, row) => Number(rows.data[row * 32])));
    const model = write('rare.onnx', rareRows(most - 1e-3));
    const { stdout } = await quantize([model, ...isStatic, '--data', data, '-o', output, '--json']);
    const { warnings, nodes } = parseQuantize(stdout);
    expect(warnings.map(({ code }) => code)).not.toContain('never-executed');
    expect(nodes).toContainEqual(expect.objectContaining({ name: 'rare', treatment: 'static' }));
  });
});

describe('--samples', () => {
  it.each([
    // Of 120: so many calibrate, as many others judge, or all where there are not as many others.
    [40, 40, 40],
    [60, 60, 60],
    [61, 61, 120],
    [120, 120, 120],
    [1000, 120, 120],
  ])('%i: %i calibrate and %i judge', async (samples, calibrating, judging) => {
    const { model, data, folder, quantize } = trial;
    const cache = `${folder}/ranges.json`;
    const words = ['--data', data, '--samples', String(samples), '--calibration-cache', cache, '--json'];
    const { exitCode, stdout } = await quantize([model, ...isStatic, ...words]);
    expect(exitCode).toBe(0);
    const { calibration, evaluation, model: original } = parseQuantize(stdout);
    expect(calibration).toMatchObject({ source: 'data', samples: calibrating });
    expect(evaluation).toMatchObject({ source: 'data', samples: judging });
    const reading = readCalibrationCache(readFileSync(cache, 'utf8'), { sha256: original.sha256 });
    if (reading.state !== 'read') throw new Error(`the cache is ${reading.state}`);
    // Every number of each sample was counted.
    expect(reading.cache.values.get('x')).toMatchObject({ elements: calibrating * 32 });
  });

  it('is what --help says', async () => {
    const { stdout } = await runInfer(['quantize', '--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /--samples <n> calibrate on so many samples, chosen by the seed, and judge on as many others \(default: 300/,
    );
  });
});

describe('a verdict that noise leaves open', () => {
  it.each(['warn', 'pass', 'fail'])('is a warning with --on-inconclusive %s, too', async (way) => {
    const { model, data, output, quantize } = trial;
    // Few samples leave a tight limit open.
    const words = [...isStatic, '--data', data, '--samples', '8', '--max-drop', '0.1pt', '-o', output, '--json'];
    const { exitCode, stdout } = await quantize([model, ...words, '--on-inconclusive', way]);
    expect(exitCode).toBe(way === 'fail' ? 5 : 0);
    expect(parseQuantize(stdout).verdict).toBe('inconclusive');
    expect(parseQuantize(stdout).warnings).toContainEqual({ code: 'undecided', details: { goals: ['max-drop'] } });
  });
});
