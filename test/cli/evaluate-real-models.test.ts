import { afterAll, expect, it } from 'vitest';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildZip } from '../data/build-zip.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { evaluateTrial, parseResult } from './evaluate-trial.ts';
import { sileroModel } from './real-models.ts';

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
