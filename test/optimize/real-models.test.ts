import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareOutputs } from '../../src/compute/compare-outputs.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { optimizeResultSchema } from '../../src/optimize/optimize-result.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { runInfer } from '../cli/buffered-io.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { npmModels } from '../compute/npm-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runModel } from '../numerics/run-model.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** The most nodes that may be left; before: 471, 672, 765, 350 and 325. */
const cases: readonly (readonly [name: string, nodes: number, words: readonly string[]])[] = [
  ['cls', 148, ['--shape', 'x=1x3x48x64']],
  ['det', 201, ['--shape', 'x=1x3x64x64']],
  ['rec', 273, ['--shape', 'x=1x3x48x64']],
  ['vad', 76, ['--shape', 'input=1x576', '--input', 'sr=16000']],
  ['vad-half', 73, ['--shape', 'input=1x576']],
];

function signatureOf(path: string) {
  const { model, close } = openModel(path);
  close();
  const ends = [...model.graph.inputs.filter((value) => !value.isInitializer), ...model.graph.outputs];
  return ends.map(({ name, type }) => ({ name, type }));
}

/** The same inputs with floats such as images and sounds have. */
function randomized(feeds: NamedTensors): NamedTensors {
  const random = createRandom(1, 'feeds');
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => {
      const { data } = tensor;
      return [name, data instanceof Float32Array ? { ...tensor, data: data.map(() => random.next()) } : tensor];
    }),
  );
}

async function optimized(path: string, output: string, words: readonly string[]) {
  const world = { runtime: new OptimizingRuntime() };
  const { exitCode, stdout, stderr } = await runInfer(['optimize', path, '-o', output, '--json', ...words], world);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return optimizeResultSchema.parse(JSON.parse(stdout));
}

describe('infer optimize on real models', () => {
  it.each(cases)(
    '%s: at most %d nodes, outputs and signature the same, nothing left to do',
    async (name, nodes, words) => {
      const { path = '', feeds: sketch = {} } = npmModels[name] ?? {};
      const feeds = randomized(sketch);
      const output = join(files.folder, `${name}.onnx`);
      const result = await optimized(path, output, words);
      expect(result).toMatchObject({ ok: true, verification: { status: 'equal' } });
      expect(result.after.nodes).toBeLessThanOrEqual(nodes);
      expect(result.after.macs).toBe(result.before.macs);
      expect(signatureOf(output)).toEqual(signatureOf(path));
      const [found, expected] = [
        await runModel(readFileSync(output), feeds),
        await runModel(readFileSync(path), feeds),
      ];
      const tolerance = { absolute: 5e-6, relative: 1e-4 };
      expect(compareOutputs(found, expected, tolerance)).toMatchObject({ matches: true });
      const again = await optimized(output, join(files.folder, `${name}-again.onnx`), words);
      expect(again.passes.filter(({ changes }) => changes > 0)).toEqual([]);
      expect(readFileSync(join(files.folder, `${name}-again.onnx`)).equals(readFileSync(output))).toBe(true);
    },
  );
});
