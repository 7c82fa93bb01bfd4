import type { Estimate } from '../../result/envelope.ts';
import type { ScatterAxis, ScatterPoint } from './charts/scatter-chart.ts';
import { scatterChart } from './charts/scatter-chart.ts';
import type { Figure } from './figure.ts';
import type { Better } from './frontier.ts';
import { onFrontier } from './frontier.ts';

/** One of several that were tried, by two measures. */
export interface TradePoint {
  readonly name: string;
  readonly x: Estimate;
  readonly y: Estimate;
  readonly isChosen: boolean;
}

export interface TradeAxis extends ScatterAxis {
  readonly better: Better;
}

export interface TradeOff {
  readonly title: string;
  readonly points: readonly TradePoint[];
  readonly x: TradeAxis;
  readonly y: TradeAxis;
  /** What stands out, beside the frontier; empty when nothing is chosen. */
  readonly chosen: string;
}

/** Two measures against each other, with what no other one beats in both; null where there is nothing to weigh. */
export function tradeOffFigure(trade: TradeOff): Figure | null {
  const { title, points, x, y, chosen } = trade;
  if (points.length < 2) return null;
  const isFrontier = onFrontier(
    points.map((point) => ({ x: point.x.value, y: point.y.value })),
    x.better,
    y.better,
  );
  const best = isFrontier.filter(Boolean).length;
  const mark = chosen === '' ? '' : ` The diamond is ${chosen}.`;
  const better = `${x.better === 'less' ? 'Less' : 'More'} ${x.title} and ${y.better} ${y.title} are better.`;
  return {
    title,
    caption: `${better} Filled points are beaten by none in both (Pareto).${mark}`,
    drawings: [
      scatterChart({
        description: `${title}: ${points.length} points, of which ${best} are beaten by none in both. The numbers are in the table below.`,
        x,
        y,
        points: points.map((point, index) => scatterPoint(point, trade, isFrontier[index] === true)),
      }),
    ],
    legend: [],
    data: {
      header: ['name', ...headerOf(x), ...headerOf(y), 'pareto', 'chosen'],
      rows: points.map((point, index) => [
        point.name,
        ...valuesOf(point.x),
        ...valuesOf(point.y),
        isFrontier[index] === true,
        point.isChosen,
      ]),
    },
    more: null,
  };
}

function scatterPoint(point: TradePoint, { x, y }: TradeOff, isFrontier: boolean): ScatterPoint {
  const { name, isChosen } = point;
  return {
    name,
    x: point.x.value,
    y: point.y.value,
    xInterval: intervalOf(point.x),
    yInterval: intervalOf(point.y),
    isFrontier,
    isChosen,
    text: `${name}: ${x.title} ${x.format(point.x.value)}, ${y.title} ${y.format(point.y.value)}`,
  };
}

function intervalOf({ low, high }: Estimate): readonly [number, number] | null {
  return low === null || high === null ? null : [low, high];
}

function headerOf({ title }: TradeAxis): readonly string[] {
  return [title, `${title} low`, `${title} high`];
}

function valuesOf({ value, low, high }: Estimate): readonly (number | null)[] {
  return [value, low, high];
}
