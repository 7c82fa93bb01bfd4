import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fisherScores } from '../../../src/commands/pruning/fisher-scores.ts';
import { shapesOf } from '../../../src/commands/pruning/structure.ts';
import { WeightAxes } from '../../../src/commands/pruning/weight-axes.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { findGroups } from '../../../src/prune/groups/find-groups.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { crossEntropy, differences, numbersIn } from '../../prune/taylor/faded.ts';
import { pruningWork } from './pruning-work.ts';
import { smallClassifier, smallData } from './small-classifier.ts';

const files = temporaryFolder();
afterAll(files.remove);

it.each([
  ['one by one where a model takes any number', 'batch', 1],
  ['in batches where it takes no other number', 4, 4],
])('%s, with their labels', async (name, batch, rows) => {
  const folder = join(files.folder, name);
  mkdirSync(folder);
  const model = smallClassifier(batch, 5);
  const data = smallData(20);
  const { work, events, close } = await pruningWork({ folder, model, data, samples: 8 });
  try {
    const shapes = await shapesOf(work, model);
    const groups = findGroups(model, { shapes, width: false, exclude: () => false });
    const { scores, warnings } = await fisherScores(work, { model, groups, weights: new WeightAxes(model) });
    expect(warnings).toEqual([]);
    expect([...scores.keys()]).toEqual(groups.map(({ id }) => id));
    const labels = new Map<NamedTensors, readonly number[]>();
    for await (const { indices } of work.feeds.calibration.batches())
      for (let at = 0; at < indices.length; at += rows) {
        const chosen = indices.slice(at, at + rows);
        labels.set(
          { x: rowsOf(data, chosen) },
          chosen.map((index) => index % 3),
        );
      }
    const loss = (outputs: NamedTensors, feeds: NamedTensors) => {
      const all = numbersIn(outputs, 'scores');
      const each = (labels.get(feeds) ?? []).map((label, row) => crossEntropy(all.slice(3 * row, 3 * row + 3), label));
      return each.reduce((sum, one) => sum + one, 0) / each.length;
    };
    const samples = [...labels.keys()].map((feeds) => ({ feeds, labels: null }));
    expect(samples).toHaveLength(8 / rows);
    const open = groups.filter(({ locks }) => locks.length === 0);
    expect(open.map(({ units }) => units)).toEqual([5]);
    for (const group of open) {
      const expected = await differences(model, group, { samples, loss });
      const most = Math.max(...expected);
      for (const [unit, one] of expected.entries())
        expect(Math.abs((scores.get(group.id)?.[unit] ?? Number.NaN) - one) / most).toBeLessThan(5e-3);
    }
    expect(events.filter(({ kind }) => kind === 'scoring')).toHaveLength(8 / rows);
  } finally {
    await close();
  }
});

function rowsOf({ x }: NamedTensors, indices: readonly number[]) {
  const all = Array.from(x === undefined ? [] : numbersOf(x));
  const data = Float32Array.from(indices.flatMap((index) => all.slice(6 * index, 6 * index + 6)));
  return { type: 'float32', dims: [indices.length, 6], data } as const;
}
