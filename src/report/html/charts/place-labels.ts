import { shortName } from '../../short-name.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { Box } from './plot-frame.ts';

interface Labeled {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

const letterWidth = 6.6;
const lineHeight = 13;
const gap = 9;
/** Shifts down and up that are tried, nearest first. */
const shifts = [0, 13, -13, 26, -26, 39, -39, 52, -52];

/** Names beside their points, moved up or down where they would lie on one another; what finds no room is left out. */
export function placeLabels(points: readonly Labeled[], box: Box): readonly Markup[] {
  const taken: Area[] = points.map(({ x, y }) => ({ left: x - 6, right: x + 6, y }));
  return points.flatMap((point) => {
    const text = shortName(point.text, 34);
    const length = [...text].length * letterWidth;
    const place = candidatesOf(point, length).find(
      (area) => isInside(area, box) && taken.every((other) => !overlap(area, other)),
    );
    if (place === undefined) return [];
    taken.push(place);
    return [
      html`<text class="aside" x="${Math.round(place.left)}" y="${Math.round(place.y)}" dy=".32em">${text}</text>`,
    ];
  });
}

/** Without the parts that all names share: `batch 1, 2 threads` of `m.onnx, cpu, batch 1, 2 threads`. */
export function shortened(points: readonly Labeled[]): readonly Labeled[] {
  const parts = points.map(({ text }) => text.split(', '));
  const [first = []] = parts;
  if (points.length < 2 || parts.some(({ length }) => length !== first.length)) return points;
  const differs = first.map((part, index) => parts.some((own) => own[index] !== part));
  return points.map((point, row) => {
    const text = (parts[row] ?? []).filter((_, index) => differs[index] === true).join(', ');
    return text === '' ? point : { ...point, text };
  });
}

function candidatesOf({ x, y }: Labeled, length: number): readonly Area[] {
  return shifts.flatMap((shift) => [
    { left: x + gap, right: x + gap + length, y: y + shift },
    { left: x - gap - length, right: x - gap, y: y + shift },
  ]);
}

function isInside({ left, right, y }: Area, box: Box): boolean {
  return left > box.left && right < box.right + 20 && y > box.top && y < box.bottom;
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < lineHeight;
}
