import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { continueByDistilling } from '../../../src/commands/pruning/continue-by-distilling.ts';
import type { SampleSet } from '../../../src/commands/trials/feeds.ts';
import { datasetOrder } from '../../../src/data/dataset-order.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { findGroups } from '../../../src/prune/groups/find-groups.ts';
import { removeUnits } from '../../../src/prune/groups/remove-units.ts';
import { shapesOf } from '../../../src/commands/pruning/structure.ts';
import { noise } from '../../compute/calibration/calibrated.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { runModel } from '../../numerics/run-model.ts';
import { pruningWork } from './pruning-work.ts';
import { smallClassifier, smallData } from './small-classifier.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A classifier, and a candidate of which a third of the neurons is gone. */
async function candidateOf(name: string, batch: string | number) {
  const folder = join(files.folder, name);
  mkdirSync(folder);
  const model = smallClassifier(batch);
  const made = await pruningWork({ folder, model, data: smallData(600), samples: 200, epochs: 3 });
  const shapes = await shapesOf(made.work, model);
  const groups = findGroups(model, { shapes, width: false, exclude: () => false });
  const open = groups.find(({ locks }) => locks.length === 0);
  const pruned = copyModel(model);
  removeUnits(pruned, groups, new Map([[open?.id ?? -1, [0, 3, 5, 8]]]));
  const path = join(folder, 'candidate.onnx');
  writeFileSync(path, encodeModel(pruned));
  return { ...made, path, pruned };
}

async function indicesIn(set: SampleSet): Promise<ReadonlySet<number>> {
  const all = new Set<number>();
  for await (const { indices } of set.batches()) for (const index of indices) all.add(index);
  return all;
}

describe('continueByDistilling', () => {
  it.each([
    ['any number of samples', 'batch'],
    ['four samples at a time', 4],
  ])('trains a model that takes %s on nothing that judges it', async (name, batch) => {
    const { work, events, close, path, pruned } = await candidateOf(name, batch);
    try {
      const continued = await continueByDistilling(work, path);
      if (continued === null) throw new Error('it got no better');
      const { findings } = continued;
      expect(findings).toMatchObject({
        better: true,
        checkpoint: null,
        data: { size: 600, trained: 150, heldOut: 50 },
      });
      expect(findings.after?.loss.value).toBeLessThan(findings.before.loss.value);
      const { chosen, held } = datasetOrder(600, { seed: 5, samples: 200, holdout: 50 });
      expect(await indicesIn(work.feeds.calibration)).toEqual(new Set([...chosen, ...held]));
      const judging = await indicesIn(work.feeds.evaluation);
      expect([...chosen, ...held].filter((index) => judging.has(index))).toEqual([]);
      expect(events.filter(({ kind }) => kind === 'distilling').length).toBeGreaterThan(0);
      expect(new Set(events.map(({ kind }) => kind))).not.toContain('saving');
      // What it read back is what was written, and outlives the file.
      const feeds = { x: noise([4, 6], 9) };
      const written = await work.runner.load({ path: continued.path });
      const expected = await written.run(feeds);
      await written.release();
      continued.dispose();
      expect(existsSync(continued.path)).toBe(false);
      const found = await runModel(encodeModel(continued.model), feeds);
      expect(found).toEqual(expected);
      expect(continued.model.graph.inputs.map(({ type }) => type)).toEqual(pruned.graph.inputs.map(({ type }) => type));
      const before = await runModel(encodeModel(pruned), feeds);
      const scores = [before, found].map(({ scores: tensor }) =>
        Array.from(tensor === undefined ? [] : numbersOf(tensor)),
      );
      expect(scores[1]).not.toEqual(scores[0]);
    } finally {
      await close();
    }
  });

  it('brings nothing where nothing was pruned, or where there are no data', async () => {
    const folder = join(files.folder, 'whole');
    mkdirSync(folder);
    const { x } = smallData(40);
    if (x === undefined) throw new Error('there are no data');
    const { work, close } = await pruningWork({ folder, model: smallClassifier('batch'), data: { x }, samples: 20 });
    try {
      expect(await continueByDistilling(work, work.request.modelPath)).toBeNull();
      const request = { ...work.request, data: { ...work.request.data, path: null } };
      expect(await continueByDistilling({ ...work, request }, work.request.modelPath)).toBeNull();
    } finally {
      await close();
    }
  });
});
