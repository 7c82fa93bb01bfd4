import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { SpatialWindow } from './spatial-window.ts';

/** Whether the windows lie side by side, none padded, and so read no element twice. */
export function areTiles(window: SpatialWindow): boolean {
  return window.every(
    ({ kernel, stride, dilation, before, after }) =>
      kernel === stride && (dilation === 1 || kernel === 1) && before === 0 && after <= 0,
  );
}

/** The elements that tiles read: the image without what is left over at the ends of its axes. */
export function tiledPart(e: Expressions, image: Expr, window: SpatialWindow): Expr {
  return window.reduce(
    (part, axis, index) => e.slice(part, { axis: index + 2, start: 0, end: axis.image + axis.after }),
    image,
  );
}

/** Undoes {@link tiledPart}, with zeros for what was left over. */
export function untiled(e: Expressions, part: Expr, window: SpatialWindow): Expr {
  return e.pad(part, [0, 0, ...window.map(() => 0)], [0, 0, ...window.map(({ after }) => -after)]);
}

/** Gives every element of a tile its place's value. Resize does it many times faster than Expand between two Reshapes. */
export function fillTiles(e: Expressions, places: Expr, window: SpatialWindow): Expr {
  const scales = e.constant({
    type: 'float32',
    dims: [places.dims.length],
    data: Float32Array.from([1, 1, ...window.map(({ kernel }) => kernel)]),
  });
  return e.op('Resize', [places, null, scales], {
    type: places.type,
    dims: [...places.dims.slice(0, 2), ...window.map((axis) => axis.kernel * axis.places)],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
}
