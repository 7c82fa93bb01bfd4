import { scaleLog } from 'd3-scale';
import type { Roofs } from '../../../profile/profile-result.ts';
import type { Bound } from '../../../profile/profile-vocabulary.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { AxisScale } from './axis-scale.ts';
import type { Box } from './plot-frame.ts';
import { formatTick, plotFrame, px, within } from './plot-frame.ts';
import { seriesClass, symbolPath } from './series-symbol.ts';

export interface RooflinePoint {
  readonly name: string;
  /** FLOP a byte. */
  readonly intensity: number;
  /** GFLOP/s. */
  readonly rate: number;
  /** Of the time. */
  readonly share: number;
  readonly bound: Bound | null;
  /** Of its bound, for color and symbol. */
  readonly series: number;
  readonly text: string;
}

export interface RooflineChart {
  readonly description: string;
  readonly roofs: Roofs;
  readonly points: readonly RooflinePoint[];
}

const width = 860;
const height = 440;
const box: Box = { left: 70, right: width - 24, top: 28, bottom: height - 46 };
/** Decades that fit; farther points lie at the edge. */
const mostDecades = 7;

/** Speed over arithmetic intensity, both logarithmic, below the roofs of memory and arithmetic. */
export function rooflineChart({ description, roofs, points }: RooflineChart): Markup {
  const x = logAxis([...points.map(({ intensity }) => intensity), roofs.ridge], [box.left, box.right]);
  const y = logAxis([...points.map(({ rate }) => rate), roofs.gflopPerSecond], [box.bottom, box.top]);
  const axes = { x, y };
  const largestLast = points.toSorted((a, b) => b.share - a.share);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    ${plotFrame(box, { scale: x, title: 'FLOP a byte', format: formatTick }, { scale: y, title: 'GFLOP/s', format: formatTick })}
    <path class="frontier" d="${roofPath(roofs, axes)}" />
    ${largestLast.map((point) => pointMarkup(point, axes))}
  </svg>`;
}

interface Axes {
  readonly x: AxisScale;
  readonly y: AxisScale;
}

function pointMarkup({ intensity, rate, share, series, text }: RooflinePoint, { x, y }: Axes): Markup {
  const at = `${px(within(x.at(intensity), [box.left, box.right]))},${px(within(y.at(rate), [box.top, box.bottom]))}`;
  const area = 24 + 1200 * Math.min(1, Math.max(0, share));
  return html`<path class="mark ${seriesClass(series)}" transform="translate(${at})" d="${symbolPath(series, area)}"
    ><title>${text}</title></path
  >`;
}

/** Up to the ridge by bandwidth, then level. */
function roofPath({ gflopPerSecond, gbPerSecond }: Roofs, { x, y }: Axes): string {
  const [least = 1, most = 1] = [x.ticks[0], x.ticks.at(-1)];
  const ridge = gflopPerSecond / gbPerSecond;
  const ends = [least, ...(ridge > least && ridge < most ? [ridge] : []), most];
  const corners = ends.map((intensity) => {
    const rate = Math.min(gflopPerSecond, gbPerSecond * intensity);
    return `${px(x.at(intensity))},${px(within(y.at(rate), [box.top, box.bottom]))}`;
  });
  return `M${corners.join('L')}`;
}

/** Whole decades around all values. */
function logAxis(values: readonly number[], range: readonly [number, number]): AxisScale {
  const told = values.filter((value) => value > 0 && Number.isFinite(value)).map((value) => Math.log10(value));
  const highest = Math.ceil(Math.max(...told, -300));
  const lowest = Math.max(Math.floor(Math.min(...told, highest - 1)), highest - mostDecades);
  const scale = scaleLog()
    .domain([10 ** lowest, 10 ** highest])
    .range(range);
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, step) => 10 ** (lowest + step));
  return { at: (value) => scale(Math.max(value, Number.MIN_VALUE)), ticks, isLog: true, unit: 1 };
}
