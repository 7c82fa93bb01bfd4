import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';

/** The nodes of the main graph and of the bodies in it, the outer ones first. A place is an index into them. */
export function placedNodesOf({ graph }: Model): readonly Node[] {
  return [...allGraphsOf(graph)].flatMap((each) => [...each.nodes()]);
}

/** Names the nodes of a copy by their place, so that they can be told in the runtime's optimized graph. */
export function markNodes(model: Model): void {
  for (const [place, node] of placedNodesOf(model).entries()) node.rename(`@${place}@`);
}

/** Places in the name of a node of the optimized graph: fused ones are named after one of theirs. */
export function placesIn(name: string): readonly number[] {
  return [...name.matchAll(mark)].map(([, place]) => Number(place));
}

const mark = /@(\d+)@/g;

/** Such a name with the marks put back into names. */
export function unmarked(name: string, nameAt: (place: number) => string): string {
  return name.replace(mark, (_, place: string) => nameAt(Number(place)));
}
