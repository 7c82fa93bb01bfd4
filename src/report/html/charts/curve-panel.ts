import { area, line } from 'd3-shape';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { AxisScale } from './axis-scale.ts';
import type { Axis, Box } from './plot-frame.ts';
import { plotFrame, px, within } from './plot-frame.ts';
import { seriesClass, symbolPath } from './series-symbol.ts';

/** A value with its interval over something that is varied. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  /** What the pointer shows. */
  readonly text: string;
}

export interface Curve {
  readonly name: string;
  /** Place among the series of the whole figure: decides color and symbol. */
  readonly index: number;
  /** In the order of x. */
  readonly points: readonly CurvePoint[];
}

export interface CurvePanel {
  /** Empty where there is one panel alone. */
  readonly title: string;
  /** For who cannot see it. */
  readonly description: string;
  readonly curves: readonly Curve[];
}

export interface PanelFrame {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
  readonly x: Axis;
  readonly y: Axis;
}

/** Curves with their intervals as bands and whiskers. */
export function curvePanel({ title, description, curves }: CurvePanel, frame: PanelFrame): Markup {
  const { width, height, box, x, y } = frame;
  const heading = title === '' ? null : html`<p class="panel-title">${title}</p>`;
  return html`<div>
    ${heading}<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
      ${plotFrame(box, x, y)}${curves.map((curve) => curveMarkup(curve, frame))}
    </svg>
  </div>`;
}

function curveMarkup({ index, points }: Curve, { box, x, y }: PanelFrame): Markup {
  const atX = (value: number): number => px(x.scale.at(value));
  const atY = placeWithin(y.scale, box);
  const path = line<CurvePoint>(
    (point) => atX(point.x),
    (point) => atY(point.y),
  ).digits(1)(points);
  const band = area<CurvePoint>(
    (point) => atX(point.x),
    (point) => atY(point.low ?? point.y),
    (point) => atY(point.high ?? point.y),
  ).digits(1)(points);
  // One path for all: a page of 500 points has to open at once.
  const whiskers = points
    .map(({ x: at, low, high }) => (low === null || high === null ? '' : `M${atX(at)},${atY(low)}V${atY(high)}`))
    .join('');
  const isCurve = points.length > 1;
  return html`<g class="${seriesClass(index)}"
    >${isCurve ? html`<path class="band" d="${band}" /><path class="curve" d="${path}" />` : null}<path
      class="whisker"
      d="${whiskers}"
    />${points.map(
      ({ x: at, y: value, text }) =>
        html`<path class="mark" transform="translate(${atX(at)},${atY(value)})" d="${symbolPath(index)}"
          ><title>${text}</title></path
        >`,
    )}</g
  >`;
}

function placeWithin({ at }: AxisScale, { top, bottom }: Box): (value: number) => number {
  return (value) => px(within(at(value), [top, bottom]));
}
