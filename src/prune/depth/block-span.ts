import type { Node } from '../../onnx/node.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { DataFlow } from './data-flow.ts';
import type { Residual } from './find-residuals.ts';
import type { BlockLock, ResidualBlock } from './residual-block.ts';
import { activationsOf } from './shortcuts.ts';
import { ownTail } from './tail.ts';

/** One or more residuals in a row, from the first one's input to the last one's output. */
export type BlockSpan = readonly [Residual, ...Residual[]];

/** What would go, and whether it may. */
export function blockOf(span: BlockSpan, flow: DataFlow): ResidualBlock {
  const [{ input }] = span;
  const { sum, tail } = span.at(-1) ?? span[0];
  const own = ownTail(input, tail);
  const output = own.at(-1)?.output(0) ?? sum;
  const inside = new Set([...nodesOf(span), ...own]);
  const feeders = feedersOf(inside, { input, flow });
  const nodes = [...inside, ...feeders].toSorted((a, b) => flow.placeOf(a) - flow.placeOf(b));
  const ends = { input, output, keepsShape: span.every(({ keepsShape }) => keepsShape) };
  return {
    name: output.name,
    input: input.name,
    output: output.name,
    nodes: nodes.map(({ name }) => name),
    lock: lockOf({ inside, feeders, ...ends }, flow),
  };
}

/** Bodies, and the norms and activations between them. */
function nodesOf(span: BlockSpan): readonly Node[] {
  return span.flatMap(({ body, tail }, index) => {
    const next = span[index + 1];
    const between = next === undefined ? 0 : tail.findIndex((node) => node.output(0) === next.input) + 1;
    return [...body, ...tail.slice(0, between)];
  });
}

interface Ends {
  /** Nodes on the ways from the input to the output. */
  readonly inside: ReadonlySet<Node>;
  readonly feeders: ReadonlySet<Node>;
  readonly input: Value;
  readonly output: Value;
  readonly keepsShape: boolean;
}

function lockOf({ inside, feeders, input, output, keepsShape }: Ends, flow: DataFlow): BlockLock | null {
  if (!keepsShape) return 'shape-changes';
  const made = [...inside].flatMap((node) => activationsOf(node.outputs));
  const readers = made.flatMap((value) => flow.readersOf(value));
  if ([...inside, ...readers].some((node) => node.subgraphs.length > 0)) return 'in-control-flow';
  const going = new Set([...inside, ...feeders]);
  for (const node of going)
    for (const value of readsOf(node))
      if (value.isInput && value !== input && flow.readersOf(value).every((reader) => going.has(reader)))
        return 'carries-cache';
  const isKept = (value: Value) => value.isOutput || flow.readersOf(value).some((node) => !inside.has(node));
  return made.some((value) => value !== output && isKept(value)) ? 'makes-output' : null;
}

/** Nodes that work for these alone: what they make is read by none but these and each other. */
function feedersOf(
  nodes: ReadonlySet<Node>,
  { input, flow }: { readonly input: Value; readonly flow: DataFlow },
): ReadonlySet<Node> {
  const feeders = new Set<Node>();
  const serves = (value: Value | null) =>
    value === null ||
    (value !== input &&
      !value.isOutput &&
      flow.readersOf(value).every((reader) => nodes.has(reader) || feeders.has(reader)));
  // A node is looked at once for each of its readers that goes: at the last one all of them do.
  const visit = (node: Node) => {
    for (const { producer } of readsOf(node))
      if (producer !== null && !nodes.has(producer) && producer.outputs.every(serves)) feeders.add(producer);
  };
  for (const node of nodes) visit(node);
  for (const node of feeders) visit(node);
  return feeders;
}
