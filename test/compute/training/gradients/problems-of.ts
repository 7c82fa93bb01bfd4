import { Expressions } from '../../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../../src/compute/training/autodiff.ts';
import { createRandom } from '../../../../src/stats/seeded-random.ts';
import { modelOf } from '../../reference/compare-with-runtime.ts';
import type { OperatorCase } from '../../reference/operator-case.ts';

/** Why no gradient passes a case's nodes on the way back from the sum of its first output. Shapes of outputs are told. */
export function problemsOf(each: OperatorCase, dims: Readonly<Record<string, readonly number[]>>): readonly string[] {
  const feeds = each.draw(createRandom(each.seed));
  const { graph } = modelOf(each, feeds);
  const e = new Expressions(graph);
  for (const value of graph.inputs) e.adopt(value, feeds[value.name] ?? { type: 'float32', dims: [] });
  for (const node of graph.nodes())
    for (const value of node.outputs)
      if (value !== null) e.adopt(value, { type: 'float32', dims: dims[value.name] ?? [] });
  const [output] = graph.outputs;
  if (output === undefined) throw new RangeError('the case has no output');
  const { frozen } = differentiate({ e, loss: e.exprOf(output), wanted: graph.inputs });
  return [...new Set([...frozen.values()].map(({ problem }) => problem))];
}
