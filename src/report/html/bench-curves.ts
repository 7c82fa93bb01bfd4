import type { Estimate } from '../../result/envelope.ts';
import type { LabeledPoint } from '../bench-factors.ts';
import { grouped } from '../grouped.ts';
import type { BenchAxes } from './bench-axes.ts';
import { valuesOf } from './bench-axes.ts';
import { curveChart } from './charts/curve-chart.ts';
import type { Curve, CurvePanel, CurvePoint } from './charts/curve-panel.ts';
import { legendEntry } from './charts/series-symbol.ts';
import type { Figure } from './figure.ts';

/** What is drawn of a point. */
export interface Measure {
  readonly title: string;
  /** With the unit, for the axis and the CSV. */
  readonly axis: string;
  readonly caption: string;
  readonly read: (row: LabeledPoint) => Estimate | null;
  readonly format: (value: number) => string;
}

/** More would be a wall of thumbnails; the table has them all. */
const mostPanels = 24;

/** A measure over what was varied, with its intervals; null where there is no curve to draw. */
export function benchCurves(rows: readonly LabeledPoint[], axes: BenchAxes, measure: Measure): Figure | null {
  const told = rows.filter((row) => measure.read(row) !== null);
  const drawn = drawnRows(told, axes, measure);
  const names = axes.curve === null ? [''] : valuesOf(axes.curve, told);
  const panels = grouped(drawn, ({ panel }) => panel).map(({ key, members }) =>
    panelOf(key, members, { names, axes, measure }),
  );
  if (new Set(drawn.map(({ x }) => x)).size < 2) return null;
  const shown = panels.slice(0, mostPanels);
  const left = panels.length - shown.length;
  return {
    title: `${measure.title} over ${axes.x.header}`,
    caption: `${measure.caption} Bars and bands are 95 % intervals${panels.length > 1 ? '; all panels have the same axes' : ''}.`,
    drawings: curveChart({
      panels: shown,
      xTitle: axes.x.header,
      yTitle: measure.axis,
    }),
    legend: axes.curve === null ? [] : legendOf(axes.curve, told),
    data: {
      header: ['panel', axes.curve?.header ?? 'curve', axes.x.header, measure.axis, 'low', 'high'],
      rows: drawn.map(({ panel, curve, x, y }) => [panel, curve, x, y.value, y.low, y.high]),
    },
    more:
      left === 0 ? null : `${left} more panels are not drawn; their numbers are below and in the table of all points.`,
  };
}

interface DrawnRow {
  readonly panel: string;
  readonly curve: string;
  readonly x: number;
  readonly y: Estimate;
}

function drawnRows(
  rows: readonly LabeledPoint[],
  { x, curve, panels }: BenchAxes,
  { read }: Measure,
): readonly DrawnRow[] {
  return rows.flatMap((row) => {
    const y = read(row);
    const at = Number(x.cell(row));
    if (y === null || !Number.isFinite(at)) return [];
    const panel = panels.map((factor) => factor.phrase(row)).filter((text) => text !== '');
    return [{ panel: panel.join(', '), curve: curve?.cell(row) ?? '', x: at, y }];
  });
}

interface Naming {
  /** Of all curves of the figure, so that one has the same color in every panel. */
  readonly names: readonly string[];
  readonly axes: BenchAxes;
  readonly measure: Measure;
}

function panelOf(title: string, rows: readonly DrawnRow[], naming: Naming): CurvePanel {
  const { names, axes, measure } = naming;
  const curves = names.flatMap((name, index): readonly Curve[] => {
    const own = rows.filter(({ curve }) => curve === name).toSorted((a, b) => a.x - b.x);
    return own.length === 0 ? [] : [{ name, index, points: own.map((row) => curvePoint(row, naming)) }];
  });
  const where = title === '' ? '' : ` for ${title}`;
  const description = `${measure.title} over ${axes.x.header}${where}: ${curves.length} curves. The numbers are in the table below.`;
  return { title, description, curves };
}

function curvePoint({ curve, x, y }: DrawnRow, { axes, measure }: Naming): CurvePoint {
  const { value, low, high } = y;
  const name = axes.curve === null ? '' : `${axes.curve.header} ${curve}, `;
  const interval = low === null || high === null ? '' : ` (${measure.format(low)} to ${measure.format(high)})`;
  return {
    x,
    y: value,
    low,
    high,
    text: `${name}${axes.x.header} ${x}: ${measure.axis} ${measure.format(value)}${interval}`,
  };
}

function legendOf(curve: NonNullable<BenchAxes['curve']>, rows: readonly LabeledPoint[]) {
  return valuesOf(curve, rows).map((name, index) => {
    const row = rows.find((other) => curve.cell(other) === name);
    return legendEntry(row === undefined ? name : curve.phrase(row) || name, index);
  });
}
