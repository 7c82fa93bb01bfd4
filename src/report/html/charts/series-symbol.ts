import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolTriangle2,
  symbolWye,
} from 'd3-shape';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { mostSeries } from './chart-styles.ts';

const types = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolTriangle2,
  symbolWye,
];

/** Outline around the origin: series differ by shape too, for who cannot tell their colors apart. */
export function symbolPath(index: number, area = 48): string {
  return symbol(types[index % types.length] ?? symbolCircle, area).digits(1)() ?? '';
}

/** Class of the series' color. */
export function seriesClass(index: number): string {
  return `c${index % mostSeries}`;
}

/** A series in a legend. */
export function legendEntry(name: string, index: number): Markup {
  return html`<svg viewBox="0 0 18 14" aria-hidden="true" class="${seriesClass(index)}">
      <path class="curve" d="M0,7H18" />
      <path class="mark" transform="translate(9,7)" d="${symbolPath(index)}" /></svg
    >${name}`;
}
