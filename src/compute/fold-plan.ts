import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import type { Value } from '../onnx/value.ts';
import type { FoldRegion } from './fold-regions.ts';
import { foldRegions } from './fold-regions.ts';
import type { FoldableNodes, FoldSearch } from './foldable-nodes.ts';
import { findFoldable } from './foldable-nodes.ts';
import { resultBytes } from './result-bytes.ts';

/** Growth that a fold may cost: a shape or a scale is worth it. */
const growthAllowedBytes = 1024;

/** What a node takes in a file at least: op, names, tags. */
const nodeBytes = 64;

/** Computing takes no more than this many times the largest input. */
const workInputs = 4;

/** Trims of a plan before what still does not pay is left alone. */
const mostTrims = 32;

export interface FoldPlan extends FoldableNodes {
  readonly regions: readonly FoldRegion[];
}

export interface FoldRules extends FoldSearch {
  readonly maxResultBytes: number;
}

/**
 * What is to be folded in a graph. A region that would make the file grow by more than 1 KiB, or a constant beyond
 * the limit, loses the node that makes the largest constant, until it pays or nothing is left.
 */
export function planFolds(graph: Graph, rules: FoldRules): FoldPlan {
  const excluded = new Set(rules.excluded);
  for (let trim = 0; ; trim++) {
    const foldable = findFoldable(graph, { ...rules, excluded });
    const regions = foldRegions(graph, foldable, rules.types);
    const bad = regions.filter((region) => !pays(region, { ...rules, known: foldable.known }));
    if (bad.length === 0) return { ...foldable, regions };
    for (const region of bad)
      for (const node of trim < mostTrims ? worstOf(region, { ...rules, known: foldable.known }) : region.nodes)
        excluded.add(node);
  }
}

type Sizes = Pick<FoldRules, 'types' | 'maxResultBytes' | 'maxInputBytes'> & Pick<FoldableNodes, 'known'>;

function pays(region: FoldRegion, sizes: Sizes): boolean {
  const growth = region.addedBytes - region.removedBytes - nodeBytes * region.nodes.length;
  return (
    growth <= growthAllowedBytes &&
    region.workBytes <= workInputs * sizes.maxInputBytes &&
    region.results.every((value) => sizeOf(value, sizes) <= sizes.maxResultBytes)
  );
}

/** The node whose result is the largest; the whole region when its results are not what is wrong. */
function worstOf(region: FoldRegion, sizes: Sizes): readonly Node[] {
  let worst: Value | null = null;
  for (const value of region.results) if (worst === null || sizeOf(value, sizes) > sizeOf(worst, sizes)) worst = value;
  const tooMuchWork = region.workBytes > workInputs * sizes.maxInputBytes;
  return worst === null || worst.producer === null || tooMuchWork ? region.nodes : [worst.producer];
}

function sizeOf(value: Value, { types, known }: Sizes): number {
  return known.get(value)?.byteLength ?? resultBytes(value, types) ?? 0;
}
