import { expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { allGraphsOf, valuesOf } from '../../../src/onnx/traverse.ts';
import { tellApart } from '../../../src/quantize/plan/tell-apart.ts';
import { allNodes } from '../../../src/quantize/rewrite/node-key.ts';
import { branchedProducts, no, yes } from '../branched-models.ts';
import { noise, run } from '../rewrite/run-models.ts';

const namesOf = (model: ReturnType<typeof branchedProducts>) =>
  [...allGraphsOf(model.graph)].flatMap((graph) => [...new Set(valuesOf(graph))].map(({ name }) => name));

it('gives values of branches names of their own, and every node a name, without a change of what is computed', async () => {
  const [original, model] = [branchedProducts(), branchedProducts()];
  expect(new Set(namesOf(original)).size).toBeLessThan(namesOf(original).length);
  tellApart(model);
  checkGraph(model);
  expect(new Set(namesOf(model)).size).toBe(namesOf(model).length);
  const labels = [...allNodes(model)].map(({ name }) => name);
  expect(labels).not.toContain('');
  expect(new Set(labels).size).toBe(labels.length);
  expect(model.graph.outputs.map(({ name }) => name)).toEqual(['y']);
  // A copy keeps the names: plans made for one are good for the other.
  expect(namesOf(copyModel(model))).toEqual(namesOf(model));
  for (const condition of [yes, no]) {
    const feeds = { x: noise([3, 32], 7), condition };
    expect(await run(model, feeds)).toEqual(await run(original, feeds));
  }
});
