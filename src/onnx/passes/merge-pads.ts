import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { Tensor } from '../tensor.ts';
import { sameTensor } from '../tensor-types/same-tensor.ts';
import { allVersionedGraphs, type VersionedGraph } from '../traverse.ts';
import { constantOf, hasReferences, listOf } from './constant-of.ts';
import { isUniform } from './noop-arithmetic.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** From here on Pad takes its amounts as an input. */
export const opsetOfPadsInput = 11;

/** Beyond 2^31 a sum of amounts could overflow; no tensor is padded that far. */
const mostPadding = 2n ** 31n;

/**
 * Adds the amounts of a Pad to those of the Pad that reads it, in every graph but function bodies, when both pad with
 * the same constant or both repeat the edge, no amount is negative, and nothing else reads the first.
 *
 * Left alone: reflecting and wrapping, cropping, amounts that are not constant, different lists of axes.
 */
export const mergePads: PurePass = {
  name: 'merge-pads',
  apply(model) {
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const scope of allVersionedGraphs(model)) {
        if (scope.inFunction) continue;
        for (const node of scope.graph.nodes()) if (mergeWithFirst(node, scope)) changed = true;
      }
      return changed;
    });
  },
};

function mergeWithFirst(last: Node, { graph, opset }: VersionedGraph): boolean {
  const first = last.input(0)?.producer ?? null;
  if (first === null || first.graph !== graph || first.output(0)?.onlyUser !== last) return false;
  if (!isPad(last) || !isPad(first) || !padAlike(first, last)) return false;
  const sums = sumsOf(amountsOf(first), amountsOf(last));
  if (sums === null) return false;
  if (opset < opsetOfPadsInput) {
    last.setAttribute(attributeOf.ints('pads', sums));
  } else {
    const tensor = Tensor.fromDense({ type: 'int64', dims: [sums.length], data: BigInt64Array.from(sums) });
    last.setInput(1, graph.addInitializer(`${last.output(0)?.name ?? 'pad'}_pads`, tensor));
  }
  last.setInput(0, first.input(0));
  graph.remove(first);
  return true;
}

function isPad(node: Node): boolean {
  return node.is('Pad') && !hasReferences(node);
}

function padAlike(first: Node, last: Node): boolean {
  const mode = first.string('mode', 'constant');
  if (mode !== last.string('mode', 'constant') || !sameAxes(first, last)) return false;
  return mode === 'edge' || (mode === 'constant' && sameFilling(first, last));
}

function sameAxes(first: Node, last: Node): boolean {
  const [a, b] = [first, last].map((node) => listOf(node, { attribute: 'axes', input: 3, absent: [] }));
  return a != null && b != null && a.join() === b.join();
}

function sameFilling(first: Node, last: Node): boolean {
  const [a, b] = [first.input(2), last.input(2)];
  if (a === null && b === null) return first.float('value', 0) === last.float('value', 0);
  if (a === b) return true;
  const [left, right] = [constantOf(a), constantOf(b)];
  if (left !== null && right !== null && sameTensor(left, right)) return true;
  return [first, last].every((node) => isZeroFilled(node));
}

function isZeroFilled(node: Node): boolean {
  const filling = constantOf(node.input(2));
  return filling === null ? node.input(2) === null : isUniform(filling, 0);
}

function amountsOf(node: Node): readonly bigint[] | null {
  return listOf(node, { attribute: 'pads', input: 1, absent: null });
}

function sumsOf(a: readonly bigint[] | null, b: readonly bigint[] | null): readonly bigint[] | null {
  if (a === null || b === null || a.length !== b.length) return null;
  if ([...a, ...b].some((amount) => amount < 0n || amount > mostPadding)) return null;
  return a.map((amount, index) => amount + (b[index] ?? 0n));
}
