import type { Value } from '../../onnx/value.ts';
import type { AxisIndices } from './axis-table.ts';
import type { Factor } from './factor-axis.ts';
import type { NodeTies } from './node-ties.ts';

/** An axis of length above 1 and the products of lengths in front of it and up to its end. */
interface Span {
  readonly indices: AxisIndices;
  readonly from: number;
  readonly to: number;
}

/**
 * Ties the axes of a value to those of the same elements in another shape. Both shapes are cut into common factors, from
 * the left as elements lie in memory; an axis that is one factor on both sides is the same axis, any other a product.
 */
export function tieReshape(ties: NodeTies, x: Value | null, y: Value | null): void {
  const [before, after] = [spansOf(ties, x), spansOf(ties, y)];
  const total = productOf(ties.dims(x));
  if (total === 0 || total !== productOf(ties.dims(y)) || [...before, ...after].some(isLump)) {
    ties.lockAll(x, 'reshape-ambiguous');
    ties.lockAll(y, 'reshape-ambiguous');
    return;
  }
  const ends = new Set(after.map(({ to }) => to));
  let start = 1;
  for (const { to } of before) {
    if (!ends.has(to)) continue;
    const inside = (span: Span) => span.from >= start && span.to <= to;
    tieBlock(ties, before.filter(inside), after.filter(inside));
    start = to;
  }
}

/** Ties the smallest stretch of axes that holds the same elements on both sides. */
function tieBlock(ties: NodeTies, before: readonly Span[], after: readonly Span[]): void {
  const cuts = [...new Set([...before, ...after].flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b);
  const isNested = cuts.every((cut, index) => index === 0 || cut % (cuts[index - 1] ?? 1) === 0);
  if (!isNested) {
    for (const { indices } of [...before, ...after]) ties.lock([indices.value, indices.axis], 'reshape-ambiguous');
    return;
  }
  const factors = cuts.slice(1).map((to, index) => factorOf(ties, { from: cuts[index] ?? 1, to }, [before, after]));
  for (const span of [...before, ...after]) {
    const own = factors.filter(({ from, to }) => from >= span.from && to <= span.to);
    if (own.length > 1) addProduct(ties, span.indices, own);
  }
}

interface Cut {
  readonly from: number;
  readonly to: number;
}

/** Indices of a factor: those of the axis that is nothing else, on either side, else new ones. */
function factorOf(ties: NodeTies, cut: Cut, sides: readonly (readonly Span[])[]): Factor & Cut {
  const alone = sides.flatMap((side) => side.filter(({ from, to }) => from === cut.from && to === cut.to));
  const [first, second] = alone.map(({ indices }) => indices);
  if (first !== undefined && second !== undefined) ties.tie([first.value, first.axis], [second.value, second.axis]);
  const length = cut.to / cut.from;
  return { ...cut, length, first: first?.first ?? ties.state.classes.add(length) };
}

function addProduct(ties: NodeTies, { first, length }: AxisIndices, factors: readonly Factor[]): void {
  ties.state.factors.push({ first, length, factors, node: ties.node.name, op: ties.node.op });
}

function spansOf(ties: NodeTies, value: Value | null): readonly Span[] {
  const spans: Span[] = [];
  let from = 1;
  for (const [axis, length] of ties.dims(value).entries()) {
    const indices = value === null ? null : ties.state.axes.of(value, axis);
    if (indices !== null) spans.push({ indices, from, to: from * length });
    from *= length;
  }
  return spans;
}

function isLump({ indices }: Span): boolean {
  return indices.step === 0;
}

function productOf(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}
