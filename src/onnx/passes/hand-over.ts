import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { redirect } from './redirect.ts';

/**
 * Makes everything that reads or returns `value` read or return `by`, as `redirect` does; what cannot be given the name
 * that a graph returns gets it through an Identity before a node. Not for values that a subgraph returns directly.
 */
export function handOver(value: Value, { by, before }: { readonly by: Value; readonly before: Node }): void {
  if (value.isUnused || redirect(value, by)) return;
  const copy = value.graph.insertBefore(before, { op: 'Identity', inputs: [by], outputs: [value.name] }).output(0);
  if (copy !== null) redirect(value, copy);
}
