import type { Markup } from '../markup.ts';
import { axisScale, doublingScale, steadyScale } from './axis-scale.ts';
import type { CurvePanel, CurvePoint, PanelFrame } from './curve-panel.ts';
import { curvePanel } from './curve-panel.ts';
import { formatTick } from './plot-frame.ts';

export interface CurveChart {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Steps of x are equal, as those of time; else doublings are. */
  readonly isSteady?: boolean;
  readonly panels: readonly CurvePanel[];
}

const large = { width: 860, height: 360, left: 62, ticks: 6 } as const;
const small = { width: 340, height: 230, left: 54, ticks: 4 } as const;

/** Small multiples on the same axes, or one large panel. */
export function curveChart(chart: CurveChart): readonly Markup[] {
  const frame = frameOf(chart);
  return chart.panels.map((panel) => curvePanel(panel, frame));
}

function frameOf({ panels, xTitle, yTitle, isSteady = false }: CurveChart): PanelFrame {
  const { width, height, left, ticks } = panels.length > 1 ? small : large;
  const box = { left, right: width - 18, top: 28, bottom: height - 44 };
  const points = panels.flatMap(({ curves }) => curves.flatMap((curve): readonly CurvePoint[] => curve.points));
  const xs = points.map(({ x }) => x);
  const bounds = points.flatMap(({ low, high }) => [low, high].filter((bound) => bound !== null));
  const across = [left + 12, box.right - 8] as const;
  return {
    width,
    height,
    box,
    x: { scale: isSteady ? steadyScale(xs, across) : doublingScale(xs, across), title: xTitle, format: formatTick },
    y: {
      scale: axisScale({ values: points.map(({ y }) => y), bounds, range: [box.bottom, box.top], ticks }),
      title: yTitle,
      format: formatTick,
    },
  };
}
