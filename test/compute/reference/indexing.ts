import { at, axisOf, fill } from './nd-array.ts';
import type { ReferenceOp, ReferenceOps } from './reference-op.ts';

const slice: ReferenceOp = ({ input, numbers }) => {
  const x = input(0);
  const [starts, ends] = [numbers(1) ?? [], numbers(2) ?? []];
  const axes = (numbers(3) ?? [...starts.keys()]).map((axis) => axisOf(axis, x));
  const steps = numbers(4) ?? starts.map(() => 1);
  const ranges = x.dims.map((length, axis) => {
    const which = axes.indexOf(axis);
    if (which === -1) return { start: 0, step: 1, count: length };
    const step = steps[which] ?? 1;
    const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
    const clamp = (place: number) => Math.min(Math.max(place < 0 ? place + length : place, low), high);
    const start = step > 0 ? clamp(starts[which] ?? 0) : Math.max(clamp(starts[which] ?? 0), 0);
    return { start, step, count: Math.max(0, Math.ceil((clamp(ends[which] ?? 0) - start) / step)) };
  });
  return [
    fill(
      ranges.map(({ count }) => count),
      (index) =>
        at(
          x,
          ranges.map(({ start, step }, axis) => start + step * (index[axis] ?? 0)),
        ),
    ),
  ];
};

/** Y[a…, i…, b…] = X[a…, indices[i…], b…] */
const gather: ReferenceOp = ({ node, input }) => {
  const [x, indices] = [input(0), input(1)];
  const axis = axisOf(node.int('axis', 0), x);
  const [before, after] = [x.dims.slice(0, axis), x.dims.slice(axis + 1)];
  return [
    fill([...before, ...indices.dims, ...after], (index) => {
      const which = at(indices, index.slice(axis, axis + indices.dims.length));
      const row = which < 0 ? which + (x.dims[axis] ?? 0) : which;
      return at(x, [...index.slice(0, axis), row, ...index.slice(axis + indices.dims.length)]);
    }),
  ];
};

const gatherElements: ReferenceOp = ({ node, input }) => {
  const [x, indices] = [input(0), input(1)];
  const axis = axisOf(node.int('axis', 0), x);
  return [
    fill(indices.dims, (index) => {
      const which = at(indices, index);
      return at(x, index.with(axis, which < 0 ? which + (x.dims[axis] ?? 0) : which));
    }),
  ];
};

/** Where an index into a padded axis comes from; null in constant padding. */
function unpadded(place: number, length: number, mode: string): number | null {
  if (place >= 0 && place < length) return place;
  if (mode === 'edge') return Math.min(Math.max(place, 0), length - 1);
  if (mode === 'wrap') return ((place % length) + length) % length;
  if (mode === 'reflect') return place < 0 ? -place : 2 * (length - 1) - place;
  return null;
}

const pad: ReferenceOp = ({ node, input, numbers }) => {
  const x = input(0);
  const pads = numbers(1) ?? [];
  const value = numbers(2)?.[0] ?? 0;
  const axes = (numbers(3) ?? [...x.dims.keys()]).map((axis) => axisOf(axis, x));
  const mode = node.string('mode', 'constant');
  const amount = (axis: number, end: 0 | 1): number =>
    axes.includes(axis) ? (pads[axes.indexOf(axis) + end * axes.length] ?? 0) : 0;
  return [
    fill(
      x.dims.map((dim, axis) => dim + amount(axis, 0) + amount(axis, 1)),
      (index) => {
        const source = index.map((i, axis) => unpadded(i - amount(axis, 0), x.dims[axis] ?? 0, mode));
        return source.includes(null)
          ? value
          : at(
              x,
              source.map((i) => i ?? 0),
            );
      },
    ),
  ];
};

const trilu: ReferenceOp = ({ node, input, numbers }) => {
  const x = input(0);
  const diagonal = numbers(1)?.[0] ?? 0;
  const isUpper = node.int('upper', 1) === 1;
  return [
    fill(x.dims, (index) => {
      const [row = 0, column = 0] = index.slice(-2);
      return (isUpper ? column >= row + diagonal : column <= row + diagonal) ? at(x, index) : 0;
    }),
  ];
};

export const indexingOps: ReferenceOps = {
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  Pad: pad,
  Trilu: trilu,
};
