import { scaleLog } from 'd3-scale';
import { shortName } from '../../short-name.ts';
import type { Tone } from '../../style.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { AxisScale } from './axis-scale.ts';
import { axisScale } from './axis-scale.ts';
import type { Box } from './plot-frame.ts';
import { bottomAxis, px, within } from './plot-frame.ts';
import { symbolPath } from './series-symbol.ts';

export interface IntervalRow {
  readonly label: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tone: Tone;
  /** What is allowed: shaded. */
  readonly allowed: readonly [number, number] | null;
  /** Written at the end of the row. */
  readonly note: string;
  readonly text: string;
}

export interface IntervalChart {
  readonly description: string;
  readonly title: string;
  readonly format: (value: number) => string;
  readonly rows: readonly IntervalRow[];
  /** `ratio`: logarithmic around 1, which is drawn. `value`: from zero. `near`: around the values. */
  readonly axis: 'ratio' | 'value' | 'near';
}

const width = 980;
const rowHeight = 24;
const labelEnd = 300;
const noteStart = 740;
/** A ratio beyond it ends at the edge. */
const widestRatio = 4;

/** A forest plot: a row for each estimate, with its interval beside what is allowed. */
export function intervalChart(chart: IntervalChart): Markup {
  const { rows, description, title, format, axis } = chart;
  const bottom = 12 + rows.length * rowHeight;
  const box: Box = { left: labelEnd + 10, right: noteStart - 14, top: 8, bottom };
  const scale = axis === 'ratio' ? ratioScale(rows, box) : valueScale(rows, box, axis === 'value');
  const one = axis === 'ratio' ? html`<path class="one" d="M${px(scale.at(1))},${box.top}V${bottom}" />` : null;
  const height = bottom + 44;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    ${rows.map((row, index) => allowedMarkup(row, { scale, box, y: rowY(index) }))}
    <path class="domain" d="M${box.left},${bottom}H${box.right}" />
    ${bottomAxis(box, { scale, title, format })}${one}${rows.map((row, index) => rowMarkup(row, { scale, box, y: rowY(index) }))}
  </svg>`;
}

function rowY(index: number): number {
  return 12 + rowHeight * (index + 0.5);
}

interface RowPlace {
  readonly scale: AxisScale;
  readonly box: Box;
  readonly y: number;
}

function allowedMarkup({ allowed }: IntervalRow, { scale, box, y }: RowPlace): Markup | null {
  if (allowed === null) return null;
  const [from, to] = allowed.map((end) => within(scale.at(end), [box.left, box.right]));
  if (from === undefined || to === undefined) return null;
  return html`<rect
    class="allowed"
    x="${px(from)}"
    y="${y - rowHeight / 2 + 2}"
    width="${px(Math.max(1, to - from))}"
    height="${rowHeight - 4}"
  />`;
}

function rowMarkup(row: IntervalRow, { scale, box, y }: RowPlace): Markup {
  const at = (value: number): number => px(within(scale.at(value), [box.left, box.right]));
  const { label, value, low, high, tone, note, text } = row;
  const whisker =
    low === null || high === null
      ? null
      : html`<path class="whisker" d="M${at(low)},${y - 4}v8M${at(low)},${y}H${at(high)}M${at(high)},${y - 4}v8" />`;
  return html`<line class="row-line" x1="0" x2="${width}" y1="${y + rowHeight / 2}" y2="${y + rowHeight / 2}" /><text
      class="end"
      x="${labelEnd}"
      y="${y}"
      dy=".32em"
      >${shortName(label, 44)}<title>${label}</title></text
    ><g class="${tone === 'plain' || tone === 'strong' || tone === 'dim' ? 'c0' : tone}"
      >${whisker}<path class="mark" transform="translate(${at(value)},${y})" d="${symbolPath(low === null ? 3 : 1, 50)}"
        ><title>${text}</title></path
      ></g
    ><text class="${tone}" x="${noteStart}" y="${y}" dy=".32em">${note}</text>`;
}

function valueScale(rows: readonly IntervalRow[], { left, right }: Box, fromZero: boolean): AxisScale {
  return axisScale({
    values: rows.map(({ value }) => value),
    bounds: rows.flatMap(({ low, high, allowed }) => [low, high, ...(allowed ?? [])].filter((bound) => bound !== null)),
    range: [left, right],
    ticks: 5,
    fromZero,
  });
}

/** As far to the left of 1 as to the right, so that halves and doubles lie alike. */
function ratioScale(rows: readonly IntervalRow[], { left, right }: Box): AxisScale {
  const told = rows.flatMap(({ value, low, high, allowed }) => [
    value,
    low ?? value,
    high ?? value,
    ...(allowed ?? []),
  ]);
  const farthest = Math.max(
    0.02,
    ...told.filter((end) => end > 0 && Number.isFinite(end)).map((end) => Math.abs(Math.log(end))),
  );
  const reach = Math.min(Math.log(widestRatio), farthest * 1.08);
  const ends: readonly [number, number] = [Math.exp(-reach), Math.exp(reach)];
  const scale = scaleLog().domain(ends).range([left, right]);
  return { at: (value) => scale(within(value, ends)), ticks: ratioTicks(reach), isLog: true, unit: 1 };
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Round ratios on both sides of 1, about four on each. */
function ratioTicks(reach: number): readonly number[] {
  const most = Math.exp(reach);
  const step = steps.find((size) => (most - 1) / size <= 4) ?? 1;
  const above = Array.from({ length: Math.floor((most - 1) / step + 1e-9) }, (_, index) => 1 + step * (index + 1));
  const below = Array.from({ length: Math.floor((1 - 1 / most) / step + 1e-9) }, (_, index) => 1 - step * (index + 1));
  return [...below.filter((tick) => tick > 0).toReversed(), 1, ...above];
}
