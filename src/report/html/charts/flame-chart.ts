import { shortName } from '../../short-name.ts';
import type { FlameBox } from '../flame-tree.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { px } from './plot-frame.ts';
import { seriesClass } from './series-symbol.ts';

export interface FlameChart {
  readonly description: string;
  readonly boxes: readonly FlameBox[];
  /** Color of an operator, as an index. */
  readonly colorOf: (op: string) => number;
  /** What is told of a box where it is pointed at. */
  readonly textOf: (box: FlameBox) => string;
}

const width = 1200;
const rowHeight = 20;
/** Of a letter, on average. */
const letter = 6.8;

/** Frames under what they are part of, as wide as the time that they take. A click makes one as wide as the drawing. */
export function flameChart({ description, boxes, colorOf, textOf }: FlameChart): Markup {
  const depth = Math.max(0, ...boxes.map((box) => box.depth)) + 1;
  return html`<svg
    viewBox="0 0 ${width} ${depth * rowHeight}"
    role="img"
    aria-label="${description}"
    data-flame="${width}"
  >
    ${boxes.map((box) => boxMarkup(box, colorOf(box.flame.op), textOf(box)))}
  </svg>`;
}

function boxMarkup({ flame, from, share, depth }: FlameBox, color: number, text: string): Markup {
  const [x, wide] = [px(from * width), px(share * width)];
  const y = depth * rowHeight;
  return html`<g class="flame ${depth === 0 ? 'off' : seriesClass(color)}" data-from="${from}" data-share="${share}"
    ><rect x="${x}" y="${y}" width="${wide}" height="${rowHeight - 1}" /><text
      x="${px(x + 4)}"
      y="${y + 10}"
      dy=".32em"
      data-name="${shortName(flame.name, 80)}"
      >${fitting(flame.name, wide)}</text
    ><title>${text}</title></g
  >`;
}

function fitting(name: string, wide: number): string {
  const letters = Math.floor((wide - 8) / letter);
  return letters < 2 ? '' : shortName(name, letters);
}
