import { describe, expect, it } from 'vitest';
import { collectStatistics } from '../../../src/compute/calibration/collect-statistics.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { inlineConstantIf } from '../../../src/onnx/passes/inline-constant-if.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { branchValues, withBranchValues } from '../../../src/quantize/calibration/branch-values.ts';
import { collectInBranches } from '../../../src/quantize/calibration/collect-in-branches.ts';
import { straighten } from '../../../src/quantize/calibration/straighten.ts';
import { tellApart } from '../../../src/quantize/plan/tell-apart.ts';
import { nodeKey } from '../../../src/quantize/rewrite/node-key.ts';
import { calibrated } from '../../compute/calibration/calibrated.ts';
import { branchedConvolutions, branchedProducts, loopedProducts, no, yes } from '../branched-models.ts';
import { noise, run } from '../rewrite/run-models.ts';

const named = (names: Iterable<string>) => [...names].map((name) => ({ name, channelAxis: 1 }));

function toldApart(model: Model): Model {
  tellApart(model);
  return model;
}

/** The same model without an If: the branch that the condition takes is written out. */
function straight(model: Model, condition: DenseTensor): Model {
  const input = model.graph.inputs.find(({ name }) => name === 'condition');
  if (input === undefined) throw new RangeError('there is no condition');
  input.replaceUsesWith(model.graph.addInitializer('known', Tensor.fromDense(condition)));
  // Branches inside read it, too.
  model.graph.removeInput(input);
  inlineConstantIf.apply(model);
  return model;
}

describe('values of branches', () => {
  it.each([
    ['convolutions', branchedConvolutions, [2, 3, 8, 8]],
    ['products', branchedProducts, [5, 32]],
  ] as const)('of %s are measured as in a model without an If', async (_, build, dims) => {
    for (const condition of [yes, no]) {
      const model = toldApart(build());
      const feeds = [1, 2, 3].map((seed) => ({ x: noise(dims, seed), condition }));
      const values = named(branchValues(model).map(({ name }) => name));
      const found = await collectInBranches({ ...calibrated(model, feeds), values });
      const plain = straight(build(), condition);
      const all = new Set([...plain.graph.nodes()].flatMap(({ outputs }) => outputs.map((value) => value?.name ?? '')));
      const rows = feeds.map(({ x }) => ({ x }));
      const { values: known } = await collectStatistics({ ...calibrated(plain, rows), values: named(all) });
      const expected = [...known.values()];
      expect(found.values.size).toBeGreaterThan(0);
      for (const statistics of found.values.values()) expect(expected).toContainEqual(statistics);
      // What was not taken was not seen, and nothing else.
      expect(found.values.size + found.neverSeen.length).toBe(values.length);
      expect(found.neverSeen.length).toBeGreaterThan(0);
      expect(found).toMatchObject({ refused: [], notFinite: [] });
    }
  });

  it('of a model that takes both branches are those of both', async () => {
    const model = toldApart(branchedConvolutions());
    const feeds = [yes, no].map((condition, seed) => ({ x: noise([2, 3, 8, 8], seed), condition }));
    const values = named(branchValues(model).map(({ name }) => name));
    const found = await collectInBranches({ ...calibrated(model, feeds), values });
    expect(found.neverSeen).toEqual([]);
    expect([...found.values.values()].map(({ runs }) => runs)).toEqual(values.map(() => 1));
  });

  it('do not change what a model returns, nor do they touch the model', async () => {
    const model = toldApart(branchedProducts());
    const wanted = new Set(branchValues(model).map(({ name }) => name));
    const shown = withBranchValues(model, wanted);
    checkGraph(shown.model);
    expect(shown.names.size).toBe(wanted.size);
    for (const condition of [yes, no]) {
      const feeds = { x: noise([3, 32], 7), condition };
      expect(await run(shown.model, feeds)).toEqual(await run(model, feeds));
    }
    expect([...model.graph.nodes()].map(({ outputs }) => outputs.length)).toEqual([1, 1]);
  });

  it('keep their names where the only branch that was taken is written out', async () => {
    for (const condition of [yes, no]) {
      const model = toldApart(branchedProducts());
      const feeds = { x: noise([3, 32], 7), condition };
      const values = branchValues(model).map(({ name }) => name);
      const { neverSeen } = await collectInBranches({ ...calibrated(model, [feeds]), values: named(values) });
      const straightened = straighten(model, (name) => !neverSeen.includes(name));
      checkGraph(straightened);
      expect([...straightened.graph.nodes()].map(({ op }) => op)).not.toContain('If');
      const made = [...straightened.graph.nodes()].flatMap(({ outputs }) => outputs.map((value) => value?.name ?? ''));
      expect(made).toEqual(expect.arrayContaining(values.filter((name) => !neverSeen.includes(name))));
      expect(made).toEqual(expect.arrayContaining([...model.graph.nodes()].map(nodeKey)));
      expect(await run(straightened, feeds)).toEqual(await run(model, feeds));
    }
    const both = straighten(toldApart(branchedProducts()), () => true);
    expect([...both.graph.nodes()].map(({ op }) => op)).toEqual(['If', 'MatMul']);
  });

  it('are none in loops', () => {
    expect(branchValues(toldApart(loopedProducts()))).toEqual([]);
  });
});
