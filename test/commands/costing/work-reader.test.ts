import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WorkReader } from '../../../src/commands/costing/work-reader.ts';
import { sweepsOf } from '../../../src/cost/service/sweeps-of.ts';
import type { Sweep } from '../../../src/cost/service/sweep.ts';
import { serverResult } from '../../cli/cost-trial.ts';
import { linearModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

const content = linearModel();
const sha256 = createHash('sha256').update(content).digest('hex');

function place(path: string, bytes: Uint8Array = content): void {
  const file = join(files.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** The sweep of a result at `resultPath` that measured a model called `path`, with the batch as `batch`. */
function sweepOf(path: string, resultPath = 'r.json'): Sweep {
  const result = serverResult({ path, sha256 });
  const points = result.points.map((point) => ({ ...point, dims: { batch: point.batch ?? 1 } }));
  const models = result.models.map((model) => ({
    ...model,
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 4] }],
  }));
  const [sweep] = sweepsOf({ ...result, models, points }, resultPath);
  if (sweep === undefined) throw new Error('no sweep');
  return sweep;
}

/** Four numbers times a matrix of 4 x 3, and three sums. */
const ofOneRow = { flop: 24, isInt8: false };

describe('the file of a measured model', () => {
  it('is found from the working directory', async () => {
    place('models/linear.onnx');
    const reader = new WorkReader(files.folder);
    expect(await reader.workOf(sweepOf('models/linear.onnx'))).toMatchObject(ofOneRow);
    expect(reader.missing()).toEqual([]);
  });

  it('is found from where the result lies', async () => {
    place('results/m/linear.onnx');
    const reader = new WorkReader(files.folder);
    expect(await reader.workOf(sweepOf('m/linear.onnx', 'results/r.json'))).toMatchObject(ofOneRow);
  });

  it('is missed where nothing, or another file, lies there', async () => {
    place('models/other.onnx', Uint8Array.of(...content, 0));
    const reader = new WorkReader(files.folder);
    expect(await reader.workOf(sweepOf('models/other.onnx'))).toBeNull();
    expect(reader.missing()).toEqual(['models/other.onnx']);
    const elsewhere = new WorkReader(files.folder);
    expect(await elsewhere.workOf(sweepOf('gone.onnx'))).toBeNull();
    expect(elsewhere.missing()).toEqual(['gone.onnx']);
  });

  it('tells the work of one item where it fixes the batch', async () => {
    place('models/linear.onnx');
    const sweep = sweepOf('models/linear.onnx');
    // As a model of a fixed batch of 4 has it: the batch is no dimension that was bound.
    const points = sweep.points.slice(0, 1).map((point) => ({ ...point, batch: 4, dims: { batch: 4 } }));
    const work = await new WorkReader(files.folder).workOf({ ...sweep, points, dims: { batch: 4 } });
    expect(work).toMatchObject(ofOneRow);
  });
});
