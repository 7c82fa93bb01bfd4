import { elementCount } from '../../../onnx/dense-tensor.ts';
import { longs } from '../../../onnx/graph-builder.ts';
import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import { scatterAdd } from './scatter-add.ts';

/** Pads of every mode; amounts below zero cut off. */
export const paddingRules: GradientRules = new Map([['Pad', rule(padBack, padProblem)]]);

function padProblem(view: NodeGradient): string | null {
  const isKnown = view.constant(1) !== null && (!view.hasInput(3) || view.constant(3) !== null);
  return isKnown ? null : 'its pads are no constant';
}

/** Elements added along one axis. */
interface AxisPad {
  readonly before: number;
  readonly after: number;
}

const noPad: AxisPad = { before: 0, after: 0 };

function padBack(view: NodeGradient): void {
  const pads = padsOf(view);
  const mode = view.node.string('mode', 'constant');
  view.give(0, () => (mode === 'constant' ? cropped(view.e, view.gradient(), pads) : copiesSummed(view, pads, mode)));
  if (view.hasInput(2)) view.give(2, () => fillGradient(view, pads));
}

function padsOf(view: NodeGradient): readonly AxisPad[] {
  const { dims } = view.input(0);
  const amounts = view.constant(1) ?? [];
  const axes = (view.hasInput(3) ? view.constant(3) : null) ?? [...dims.keys()];
  const places = axes.map((axis) => frontAxis(axis, dims.length));
  return dims.map((_, axis) => {
    const place = places.indexOf(axis);
    return place < 0 ? noPad : { before: amounts[place] ?? 0, after: amounts[place + axes.length] ?? 0 };
  });
}

/** The same without what was added; zeros where something was cut off. */
function cropped(e: Expressions, x: Expr, pads: readonly AxisPad[]): Expr {
  return e.pad(
    x,
    pads.map(({ before }) => -before),
    pads.map(({ after }) => -after),
  );
}

/** Of the number that is put around: all that does not stem from the input. */
function fillGradient(view: NodeGradient, pads: readonly AxisPad[]): Expr {
  const { e } = view;
  const added = pads.map(({ before, after }) => ({ before: Math.max(0, before), after: Math.max(0, after) }));
  const outside = e.sub(e.sumAll(view.gradient()), e.sumAll(cropped(e, view.gradient(), added)));
  return e.reshape(outside, view.input(2).dims);
}

/** Along each axis, the gradients of an element and of its copies. */
function copiesSummed(view: NodeGradient, pads: readonly AxisPad[], mode: string): Expr {
  const { e } = view;
  const { dims } = view.input(0);
  return pads.reduce((x, pad, axis) => {
    if (pad.before === 0 && pad.after === 0) return x;
    const length = dims[axis] ?? 0;
    const sources = sourcesOf(pad, { length, mode });
    const [outer, inner] = [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis + 1))];
    const updates = e.reshape(x, [outer, sources.length, inner]);
    const indices = e.constant({ ...longs(sources), dims: [1, sources.length] }, 'sources');
    return e.reshape(scatterAdd(e, { updates, indices, length }), x.dims.with(axis, length));
  }, view.gradient());
}

/** The element that each element of a padded axis is a copy of. What is cut off is cut off first. */
function sourcesOf(
  { before, after }: AxisPad,
  { length, mode }: { readonly length: number; readonly mode: string },
): readonly number[] {
  const cut = Math.max(0, -before);
  const rest = length - cut - Math.max(0, -after);
  return Array.from({ length: length + before + after }, (_, place) => {
    return cut + copied(place - Math.max(0, before), { rest, mode });
  });
}

function copied(place: number, { rest, mode }: { readonly rest: number; readonly mode: string }): number {
  if (mode === 'edge') return Math.min(Math.max(place, 0), rest - 1);
  if (mode === 'wrap') return modulo(place, rest);
  const turned = modulo(place, Math.max(1, 2 * (rest - 1)));
  return Math.min(turned, 2 * (rest - 1) - turned);
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}
