import type { Expr } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import type { SpatialWindow } from './spatial-window.ts';
import { convolutionWindow, transposedWindow } from './spatial-window.ts';
import { spread } from './spread.ts';
import { weightGradient } from './weight-gradient.ts';

function convBack(view: NodeGradient): void {
  const { e } = view;
  const window = known(convolutionWindow(view));
  const groups = view.node.int('group', 1);
  const gradient = view.gradient();
  view.give(0, () => spread(e, { y: gradient, weight: view.input(1), groups, window }));
  view.give(1, () => weightGradient(e, { image: view.input(0), gradient, groups, window }));
  giveBias(view, gradient);
}

/** Input and output change places: the gradient is convolved with the weight, and is what the kernel slid over. */
function convTransposeBack(view: NodeGradient): void {
  const { e } = view;
  const window = known(transposedWindow(view));
  const groups = view.node.int('group', 1);
  const gradient = view.gradient();
  view.give(0, () => convolve(view, window));
  view.give(1, () => weightGradient(e, { image: gradient, gradient: view.input(0), groups, window }));
  giveBias(view, gradient);
}

function convolve(view: NodeGradient, window: SpatialWindow): Expr {
  const { dims, type } = view.input(0);
  return view.e.op('Conv', [view.gradient(), view.input(1)], {
    type,
    dims,
    attributes: {
      strides: window.map(({ stride }) => stride),
      dilations: window.map(({ dilation }) => dilation),
      pads: [...window.map(({ before }) => before), ...window.map(({ after }) => Math.max(0, after))],
      group: view.node.int('group', 1),
    },
  });
}

function giveBias(view: NodeGradient, gradient: Expr): void {
  const axes = [...gradient.dims.keys()].filter((axis) => axis !== 1);
  if (view.hasInput(2)) view.give(2, () => view.e.reduceSum(gradient, axes));
}

function known(window: SpatialWindow | null): SpatialWindow {
  if (window === null) throw new RangeError('strides, dilations or pads do not fit');
  return window;
}

function unfit(window: SpatialWindow | null): string | null {
  return window === null ? 'its strides, dilations or pads do not fit its kernel' : null;
}

export const convolutionRules: GradientRules = new Map([
  ['Conv', rule(convBack, (view) => unfit(convolutionWindow(view)))],
  ['ConvTranspose', rule(convTransposeBack, (view) => unfit(transposedWindow(view)))],
]);
