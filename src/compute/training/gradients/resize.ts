import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { PlainAttribute } from '../../../onnx/graph-builder.ts';
import { tensorOfNumbers } from '../../../onnx/tensor-types/tensor-of-numbers.ts';
import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** Resizing by any factors and kernels: it is linear, and does the same along an axis whatever the others hold. */
export const resizeRules: GradientRules = new Map([['Resize', rule(resizeBack, resizeProblem)]]);

function resizeProblem(view: NodeGradient): string | null {
  const { node } = view;
  if (view.constant(scalesInput) === null && view.constant(sizesInput) === null) return 'its scales are no constant';
  if (node.string('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize') return 'it also crops';
  return node.string('keep_aspect_ratio_policy', 'stretch') === 'stretch' ? null : 'it keeps the aspect ratio';
}

const [scalesInput, sizesInput] = [2, 3];

function resizeBack(view: NodeGradient): void {
  const { e } = view;
  const { dims } = view.input(0);
  view.give(0, () =>
    view.output(0).dims.reduce((x, resized, axis) => {
      const length = dims[axis] ?? 1;
      const scale = scaleOf(view, axis);
      if (resized === length && (scale ?? 1) === 1) return x;
      const [outer, inner] = [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis + 1))];
      const back = e.matmul(responses(view, { length, resized, scale }), e.reshape(x, [outer, resized, inner]));
      return e.reshape(back, x.dims.with(axis, length));
    }, view.gradient()),
  );
}

/** The factor that the node tells for an axis; null where it tells lengths. */
function scaleOf(view: NodeGradient, axis: number): number | null {
  const scales = view.constant(scalesInput) ?? [];
  if (scales.length === 0) return null;
  const { dims } = view.input(0);
  const axes = view.node.ints('axes') ?? [...dims.keys()];
  return scales[axes.findIndex((each) => frontAxis(each, dims.length) === axis)] ?? 1;
}

interface ResizedAxis {
  readonly length: number;
  readonly resized: number;
  readonly scale: number | null;
}

/** [length, resized]: what each element adds to each resized one, told by resizing the unit matrix along its rows. */
function responses(view: NodeGradient, { length, resized, scale }: ResizedAxis): Expr {
  const { e } = view;
  const { type } = view.input(0);
  const scales = scale === null ? null : e.constant(tensorOfNumbers('float32', [2], [1, scale]), 'scales');
  const sizes = scale === null ? e.longs([length, resized]) : null;
  const unit = e.cast(e.map('EyeLike', e.zeros([length, length])), type);
  return e.op('Resize', [unit, null, scales, ...(sizes === null ? [] : [sizes])], {
    type,
    dims: [length, resized],
    attributes: kernelOf(view),
  });
}

function kernelOf({ node }: NodeGradient): Readonly<Record<string, PlainAttribute>> {
  return {
    mode: node.string('mode', 'nearest'),
    coordinate_transformation_mode: node.string('coordinate_transformation_mode', 'half_pixel'),
    nearest_mode: node.string('nearest_mode', 'round_prefer_floor'),
    cubic_coeff_a: { float: node.float('cubic_coeff_a', -0.75) },
    exclude_outside: node.int('exclude_outside', 0),
    antialias: node.int('antialias', 0),
  };
}
