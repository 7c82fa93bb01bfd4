import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { inferTypes } from '../shape/infer-types.ts';
import { unknownInfo } from '../shape/tensor-info.ts';
import { allVersionedGraphs } from '../traverse.ts';
import { constantOf, hasReferences } from './constant-of.ts';
import { arithmeticNoop, isUniform } from './noop-arithmetic.ts';
import {
  padNoop,
  resizeNoop,
  sameShapeNoop,
  scatterNoop,
  sliceNoop,
  transposeNoop,
  whereNoop,
} from './noop-movement.ts';
import type { NoopFacts, NoopRule } from './noop-rule.ts';
import { redirect } from './redirect.ts';

const always: NoopRule = (node) => node.input(0);

const ofOneInput: NoopRule = (node) => (node.inputs.length === 1 ? node.input(0) : null);

const splitNoop: NoopRule = (node) => (node.outputs.length === 1 ? node.input(0) : null);

const castNoop: NoopRule = (node, facts) => {
  const from = facts.infoOf(node.input(0)).elementType;
  return from !== null && from === facts.infoOf(node.output(0)).elementType ? node.input(0) : null;
};

/** Without bounds, on whole numbers: floats are clipped to the largest finite ones, which infinity is beyond. */
const clipNoop: NoopRule = (node, facts) => {
  if (facts.opset < 11 || node.input(1) !== null || node.input(2) !== null) return null;
  return integers.test(facts.infoOf(node.input(0)).elementType ?? '') ? node.input(0) : null;
};

const integers = /^u?int\d+$/;

const dropoutNoop: NoopRule = (node, { opset }) => {
  if (node.output(1)?.isUnused === false) return null;
  if (opset < 7) return node.int('is_test', 0) === 1 ? node.input(0) : null;
  if (node.input(2) === null) return node.input(0);
  const training = constantOf(node.input(2));
  return training !== null && isUniform(training, 0) ? node.input(0) : null;
};

const rules: ReadonlyMap<string, NoopRule> = new Map([
  ['Identity', always],
  ['Dropout', dropoutNoop],
  ['Cast', castNoop],
  ['CastLike', castNoop],
  ['Clip', clipNoop],
  ['Split', splitNoop],
  ['Slice', sliceNoop],
  ['Pad', padNoop],
  ['Transpose', transposeNoop],
  ['Where', whereNoop],
  ['Resize', resizeNoop],
  ['Upsample', resizeNoop],
  ['ScatterElements', scatterNoop],
  ['ScatterND', scatterNoop],
  ...['Concat', 'Sum', 'Mean', 'Max', 'Min'].map((op) => [op, ofOneInput] as const),
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Expand', 'Tile'].map((op) => [op, sameShapeNoop] as const),
  ...['Sum', 'Mean', 'Max', 'Min', 'Prod'].map((kind) => [`Reduce${kind}`, sameShapeNoop] as const),
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow'].map((op) => [op, arithmeticNoop] as const),
]);

/**
 * Removes nodes whose output equals one of their inputs, in every graph:
 * - Identity; Dropout at inference whose mask nobody reads; Cast and CastLike to the type there is;
 * - Concat, Sum, Mean, Max and Min of one input; Split into one; Clip of whole numbers without bounds;
 * - Reshape, Flatten, Squeeze, Unsqueeze, Expand, Tile and reductions that provably keep the shape (the same numbers
 *   and symbols);
 * - Slice of everything, Pad by nothing, Transpose that moves nothing but axes of length 1, Resize and Upsample by 1,
 *   scatters without updates, Where with a constant condition;
 * - Add 0, Sub 0, Mul 1, Div 1, Pow 1 with a constant that broadcasts to nothing new. Adding 0 turns -0 into 0, so it
 *   stays where the result is divided by.
 *
 * Left alone: nodes between an input (or an initializer) and an output of the same graph, since both names must stay;
 * Dropout in training mode or with a mode that is not constant; Slice with negative steps, Resize in tf modes or with
 * other scales that keep the shape; shapes that are only likely equal; nodes with attributes that a function's caller
 * decides.
 */
export const removeNoops: PurePass = {
  name: 'remove-noops',
  apply(model) {
    const types = inferTypes(model);
    const infoOf: NoopFacts['infoOf'] = (value) => (value === null ? undefined : types.get(value)) ?? unknownInfo;
    let changed = false;
    for (const { graph, opset } of allVersionedGraphs(model)) {
      for (const node of graph.nodes()) if (removeIfNoop(node, { opset, infoOf })) changed = true;
    }
    return changed;
  },
};

function removeIfNoop(node: Node, facts: NoopFacts): boolean {
  const rule = node.is(node.op) ? rules.get(node.op) : undefined;
  const output = node.output(0);
  if (rule === undefined || output === null || output.isUnused || hasReferences(node)) return false;
  const same = rule(node, facts);
  if (same === null || !redirect(output, same)) return false;
  node.graph?.remove(node);
  return true;
}
