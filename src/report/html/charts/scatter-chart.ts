import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { axisScale } from './axis-scale.ts';
import type { Axis, Box } from './plot-frame.ts';
import { formatTick, plotFrame, px, within } from './plot-frame.ts';
import { placeLabels, shortened } from './place-labels.ts';
import { symbolPath } from './series-symbol.ts';

export interface ScatterPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly xInterval: readonly [number, number] | null;
  readonly yInterval: readonly [number, number] | null;
  /** No other one is at least as good in both, and better in one. */
  readonly isFrontier: boolean;
  /** The one to look at. */
  readonly isChosen: boolean;
  readonly text: string;
}

export interface ScatterAxis {
  readonly title: string;
  readonly format: (value: number) => string;
  /** Of a tick, where the value's own is not short enough. */
  readonly tick?: (value: number) => string;
  readonly fromZero: boolean;
  readonly isBinary?: boolean;
}

export interface ScatterChart {
  readonly description: string;
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly points: readonly ScatterPoint[];
}

const width = 860;
const height = 400;
const box: Box = { left: 70, right: width - 24, top: 28, bottom: height - 46 };
/** More names than this cannot be read. */
const mostNames = 16;
/** More intervals than this hide the points. */
const mostIntervals = 40;

/** Points by two measures, those that nothing beats joined by a line. */
export function scatterChart({ description, x: xAxis, y: yAxis, points }: ScatterChart): Markup {
  const x = axisOf(
    xAxis,
    points.map((p) => ({ value: p.x, interval: p.xInterval })),
    [box.left + 14, box.right - 70],
  );
  const y = axisOf(
    yAxis,
    points.map((p) => ({ value: p.y, interval: p.yInterval })),
    [box.bottom, box.top],
  );
  const placed = points.map((point) => ({ point, x: px(x.scale.at(point.x)), y: px(y.scale.at(point.y)) }));
  const frontier = placed.filter(({ point }) => point.isFrontier).toSorted((a, b) => a.x - b.x);
  const line =
    frontier.length < 2 ? null : html`<path class="frontier" d="M${frontier.map((p) => `${p.x},${p.y}`).join('L')}" />`;
  const named =
    points.length <= mostNames
      ? placed
      : placed.filter(({ point }) => point.isChosen || point.isFrontier).slice(0, mostNames);
  const labels = placeLabels(shortened(named.map(({ point, ...at }) => ({ ...at, text: point.name }))), box);
  // What matters lies on top.
  const drawn = placed.toSorted((a, b) => weightOf(a.point) - weightOf(b.point));
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    ${plotFrame(box, x, y)}${line}${drawn.map((p) => pointMarkup(shownPoint(p, points.length), { x, y }))}${labels}
  </svg>`;
}

function weightOf({ isChosen, isFrontier }: ScatterPoint): number {
  return (isChosen ? 2 : 0) + (isFrontier ? 1 : 0);
}

interface Measured {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

function axisOf(
  { title, format, tick = format, fromZero, isBinary = false }: ScatterAxis,
  of: readonly Measured[],
  range: [number, number],
): Axis {
  const scale = axisScale({
    values: of.map(({ value }) => value),
    bounds: of.flatMap(({ interval }) => interval ?? []),
    range,
    ticks: 6,
    fromZero,
    isBinary,
  });
  return { scale, title, format: isBinary && !scale.isLog ? (value) => bytesIn(scale.unit, value) : tick };
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** In one unit along the whole axis. */
function bytesIn(unit: number, bytes: number): string {
  return `${formatTick(bytes / unit)} ${byteUnits[Math.log2(unit) / 10] ?? 'B'}`;
}

interface Placed {
  readonly point: ScatterPoint;
  readonly x: number;
  readonly y: number;
}

/** Among many, only those that nothing beats keep their intervals. */
function shownPoint(placed: Placed, points: number): Placed {
  const { point } = placed;
  if (points <= mostIntervals || point.isFrontier || point.isChosen) return placed;
  return { ...placed, point: { ...point, xInterval: null, yInterval: null } };
}

interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

function pointMarkup({ point, x, y }: Placed, { x: xAxis, y: yAxis }: Axes): Markup {
  const atX = (value: number): number => px(within(xAxis.scale.at(value), [box.left, box.right]));
  const atY = (value: number): number => px(within(yAxis.scale.at(value), [box.top, box.bottom]));
  const { xInterval, yInterval, isChosen, isFrontier, text } = point;
  const across =
    xInterval === null ? null : html`<path class="whisker" d="M${atX(xInterval[0])},${y}H${atX(xInterval[1])}" />`;
  const along =
    yInterval === null ? null : html`<path class="whisker" d="M${x},${atY(yInterval[0])}V${atY(yInterval[1])}" />`;
  const color = isChosen ? 'good' : isFrontier ? 'c0' : 'off';
  const mark = html`<path
    class="${isFrontier || isChosen ? 'mark' : 'hollow'} ${color}"
    transform="translate(${x},${y})"
    d="${symbolPath(isChosen ? 3 : 0, isChosen ? 110 : 56)}"
    ><title>${text}</title></path
  >`;
  return across === null && along === null ? mark : html`<g class="${color}">${across}${along}${mark}</g>`;
}
