import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import type { DataFlow } from './data-flow.ts';
import { isMadeOf, regionBetween } from './region-between.ts';
import type { Shortcut } from './shortcuts.ts';
import { activationsOf, shortcutsTo } from './shortcuts.ts';
import type { StreamShapes } from './stream-shapes.ts';
import { tailBehind } from './tail.ts';

/** A sum of a stream and of something that is made of it. */
export interface Residual {
  /** The stream as it goes in. */
  readonly input: Value;
  /** Everything from there to the sum, which is the last. */
  readonly body: readonly Node[];
  readonly sum: Value;
  /** Norms and activations that follow the sum and nothing else, in order. */
  readonly tail: readonly Node[];
  /** Whether the sum's shape and type are the input's. */
  readonly keepsShape: boolean;
}

/** A model's values: how they depend on each other, and their shapes. */
export interface ResidualSearch {
  readonly flow: DataFlow;
  readonly shapes: StreamShapes;
}

/** Every sum that closes a residual block, in order, blocks inside others too. */
export function findResiduals(search: ResidualSearch): readonly Residual[] {
  return search.flow.order.flatMap((node) => (node.is('Add', 'Sum') ? (residualOf(node, search) ?? []) : []));
}

interface Candidate extends Shortcut {
  readonly keepsShape: boolean;
  /** What else is summed. */
  readonly others: readonly Value[];
}

function residualOf(node: Node, search: ResidualSearch): Residual | null {
  const { flow, shapes } = search;
  const sum = node.output(0);
  if (sum === null || !shapes.isFloat(sum)) return null;
  for (const candidate of candidatesOf(node, sum, search)) {
    const { from: input, keepsShape, others } = candidate;
    if (!isMadeOf(others, input, flow)) continue;
    const { nodes: body, products } = regionBetween(input, node, flow);
    if (products - candidate.products < (keepsShape ? 1 : leastProjected)) continue;
    if (!keepsShape && !isClosed(body, sum, flow)) continue;
    return { input, body, sum, tail: tailBehind(sum, flow), keepsShape };
  }
  return null;
}

/** Layers beside a projection. One would be two layers side by side: no block that passes its input on. */
const leastProjected = 2;

/**
 * Where the stream may come from. It is summed as it is, or scaled; a way past the block with a layer on it is one only
 * where it brings the stream into another shape, as the first block of a ResNet's stage does.
 */
function candidatesOf(node: Node, sum: Value, { flow, shapes }: ResidualSearch): readonly Candidate[] {
  const summands = activationsOf(node.inputs);
  return summands
    .flatMap((summand) => {
      const others = summands.filter((other) => other !== summand);
      return shortcutsTo(summand).map((way) => ({
        ...way,
        others,
        keepsShape: shapes.isSame(way.from, sum),
      }));
    })
    .filter(({ from, others }) => others.length > 0 && shapes.isFloat(from))
    .filter(({ keepsShape, products, isResizing }) => (keepsShape ? products === 0 : isResizing))
    .toSorted((a, b) => a.products - b.products || a.steps - b.steps || flow.madeAt(b.from) - flow.madeAt(a.from));
}

function isClosed(body: readonly Node[], sum: Value, flow: DataFlow): boolean {
  const inside = new Set(body);
  return body
    .flatMap((node) => activationsOf(node.outputs))
    .every((value) => value === sum || (!value.isOutput && flow.readersOf(value).every((node) => inside.has(node))));
}
