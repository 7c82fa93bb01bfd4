import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { AxisScale } from './axis-scale.ts';

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Axis {
  readonly scale: AxisScale;
  readonly title: string;
  /** Of a tick. */
  readonly format: (value: number) => string;
}

/** Left axis with lines across, bottom axis, and their titles. */
export function plotFrame(box: Box, x: Axis, y: Axis): Markup {
  const { left, right, top, bottom } = box;
  return html`${y.scale.ticks.map((tick) => {
      const at = px(y.scale.at(tick));
      return html`<g class="tick"
        ><line x1="${left}" x2="${right}" y1="${at}" y2="${at}" /><text class="end" x="${left - 6}" y="${at}" dy=".32em"
          >${y.format(tick)}</text
        ></g
      >`;
    })}${bottomAxis(box, x)}<path class="domain" d="M${left},${top}V${bottom}H${right}" /><text
      class="axis-title"
      x="${left}"
      y="${top - 9}"
      >${titleOf(y)}</text
    >`;
}

/** Ticks and title below. */
export function bottomAxis({ left, right, bottom }: Box, x: Axis): Markup {
  return html`${x.scale.ticks.map((tick) => {
      const at = px(x.scale.at(tick));
      return html`<g class="tick"
        ><line x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}" /><text
          class="middle"
          x="${at}"
          y="${bottom + 17}"
          >${x.format(tick)}</text
        ></g
      >`;
    })}<text class="axis-title middle" x="${(left + right) / 2}" y="${bottom + 34}">${titleOf(x)}</text>`;
}

function titleOf({ title, scale }: Axis): string {
  return scale.isLog ? `${title} (log scale)` : title;
}

/** A round number as short as it is: 0.5, 20, 4,000. */
export function formatTick(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) return String(Number(value.toPrecision(3)));
  return String(Number(value.toPrecision(6))).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}

/** To a tenth of a pixel: more digits only make the file larger. Numbers that no axis can show are put at its end. */
export function px(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : 0;
}

/** A value held within the plot, so that an interval beyond it ends at its edge. */
export function within(value: number, ends: readonly [number, number]): number {
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  return Number.isNaN(value) ? least : Math.min(Math.max(value, least), most);
}
