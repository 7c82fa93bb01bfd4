import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { writeNpz } from '../../src/data/write-npz.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildZip } from '../data/build-zip.ts';
import { recognizerCharacters, renderStrings, stringsToRender } from '../models/rendered-text.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { evaluateTrial, parseResult } from './evaluate-trial.ts';
import { recognizer, sileroModel } from './real-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

const samples = 40;

/** Noise, loud and soft, and states as a recording would leave them. */
function noise() {
  const random = createRandom(0, 'noise');
  const array = (dims: readonly number[], largest: (sample: number) => number) => {
    const row = dims.reduce((product, dim) => product * dim, 1);
    const values = Float32Array.from({ length: samples * row }, (_, i) => {
      return (random.next() - 0.5) * largest(Math.floor(i / row));
    });
    return buildNpy('<f4', [samples, ...dims], values);
  };
  return buildZip([
    { name: 'input.npy', data: array([576], (sample) => sample / samples) },
    { name: 'state.npy', data: array([2, 128], () => 0.5) },
  ]);
}

it('Silero of opset 15, which has an If, agrees with that of opset 18, which has none', async () => {
  const { write, evaluate } = evaluateTrial(files);
  const words = ['--data', write('noise.npz', noise()), '--input', 'sr=16000', '--min-sqnr', '60', '--json'];
  const pair = [sileroModel('silero_vad_16k_op15'), '--reference', sileroModel('silero_vad_op18_ifless')];
  const { exitCode, stdout } = await evaluate([...pair, ...words]);
  expect(exitCode).toBe(0);
  const { closeness, verdict, task } = parseResult(stdout);
  expect({ verdict, task: task.name }).toEqual({ verdict: 'pass', task: 'binary' });
  expect(closeness).toMatchObject([
    { output: 'output', samples, argmaxAgreement: { value: 1 } },
    // A state of [2, batch, 128]: its samples lie along the second axis.
    { output: 'stateN', samples },
  ]);
});

it('PP-OCR reads 50 strings that were drawn for it, each of them exactly', async () => {
  const { evaluate } = evaluateTrial(files);
  const strings = stringsToRender(50);
  const data = join(files.folder, 'strings.npz');
  const vocabulary = files.write('characters.txt', recognizerCharacters().join('\n'));
  const label = { type: 'string', dims: [strings.length], data: strings } as const;
  await writeNpz(data, { x: await renderStrings(strings), label });
  const words = ['--data', data, '--vocabulary', vocabulary, '--batch', '10', '--json'];
  const { exitCode, stdout } = await evaluate([recognizer, ...words]);
  expect(exitCode).toBe(0);
  const { metrics, task } = parseResult(stdout);
  expect(task).toMatchObject({ name: 'ctc', reason: 'text-labels' });
  expect(metrics).toMatchObject([{ name: 'exact-match', value: { value: 1 }, samples: 50 }]);
});

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));

it.each([
  ['cnn', 0.98],
  ['mobile', 0.96],
  ['vit', 0.95],
  ['mlp', 0.96],
])('our own %s is right for %d of the digits it never saw', async (name, least) => {
  const { evaluate } = evaluateTrial(files);
  const { stdout } = await evaluate([fixture(`digits/${name}.onnx`), '--data', fixture('digits/test.npz'), '--json']);
  const { metrics } = parseResult(stdout);
  expect(metrics[0]).toMatchObject({ name: 'accuracy', samples: 1000 });
  expect(metrics[0]?.value?.value).toBeGreaterThanOrEqual(least);
});

it('our own decoder predicts held-out stories far better than pairs of characters do', async () => {
  const { evaluate } = evaluateTrial(files);
  const words = [fixture('text/decoder.onnx'), '--data', fixture('text/test.jsonl'), '--json'];
  const { metrics, task } = parseResult((await evaluate(words)).stdout);
  expect(task.name).toBe('language-model');
  // A bigram model of the same stories has 9.1.
  expect(metrics[0]?.value?.value).toBeLessThan(1.5);
});
