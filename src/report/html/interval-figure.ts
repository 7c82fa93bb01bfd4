import type { CsvValue } from '../csv.ts';
import type { IntervalChart } from './charts/interval-chart.ts';
import { intervalChart } from './charts/interval-chart.ts';
import type { Figure } from './figure.ts';

/** More rows than this are a table, not a figure. */
const mostRows = 60;

export interface IntervalFigure extends Omit<IntervalChart, 'description'> {
  readonly caption: string;
  /** Of the values, for the axis and the CSV. */
  readonly axisTitle: string;
}

/** Estimates below one another, each with its interval; null without any. */
export function intervalFigure({ caption, axisTitle, ...chart }: IntervalFigure): Figure | null {
  const rows = chart.rows.slice(0, mostRows);
  if (rows.length === 0) return null;
  const left = chart.rows.length - rows.length;
  const description = `${chart.title}: ${rows.length} estimates. The numbers are in the table below.`;
  return {
    title: chart.title,
    caption,
    drawings: [intervalChart({ ...chart, title: axisTitle, rows, description })],
    legend: [],
    data: {
      header: ['name', axisTitle, 'low', 'high', 'allowed from', 'allowed to', 'note'],
      rows: chart.rows.map(({ label, value, low, high, allowed, note }) => {
        const [from = null, to = null] = allowed ?? [];
        return [label, value, low, high, boundOf(from), boundOf(to), note];
      }),
    },
    more: left === 0 ? null : `${left} more are not drawn; their numbers are below.`,
  };
}

function boundOf(value: number | null): CsvValue {
  return value === null || value === 0 || !Number.isFinite(value) ? null : value;
}
