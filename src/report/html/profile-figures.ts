import type { ProfiledKernel, ProfileResult, ProfileSubject, Roofs } from '../../profile/profile-result.ts';
import { subjectLabels } from '../profile-compared.ts';
import { estimateText } from '../estimate-text.ts';
import { kernelLabel } from '../profile-labels.ts';
import { formatMs, formatNumber, formatPercent } from '../units.ts';
import type { IntervalRow } from './charts/interval-chart.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { RooflinePoint } from './charts/roofline-chart.ts';
import { rooflineChart } from './charts/roofline-chart.ts';
import { legendEntry } from './charts/series-symbol.ts';
import type { Figure } from './figure.ts';
import { intervalFigure } from './interval-figure.ts';

/** Operators below one another, with those of what they are compared with. */
export function operatorsFigure(result: ProfileResult): Figure | null {
  const { compared } = result;
  const [own, other] = compared === null ? ['', ''] : subjectLabels(result, compared);
  const theirs = new Map(compared?.subject.operators.map((row) => [row.op, row]));
  return intervalFigure({
    title: 'Time by operator',
    caption: 'Of a run without profiling, with 95 % intervals over rounds.',
    axisTitle: 'ms',
    axis: 'value',
    format: formatTick,
    rows: result.operators.flatMap((row) => {
      const counterpart = theirs.get(row.op);
      return [operatorRow(row, own), ...(counterpart === undefined ? [] : [operatorRow(counterpart, other)])];
    }),
  });
}

function operatorRow({ op, timeMs, share }: ProfileSubject['operators'][number], of: string): IntervalRow {
  const label = of === '' ? op : `${op}, ${of}`;
  const note = `${formatMs(timeMs.value)}, ${estimateText(share, 'percent')}`;
  return { ...timeMs, label, note, tone: 'plain', allowed: null, text: `${label}: ${note}` };
}

/** More hide one another; the table has them all. */
const mostPoints = 400;

/** Kernels by what they compute a byte and reach, under the roofs; null where there are none. */
export function rooflineFigure({ roofs, kernels, nodes, ...rest }: ProfileResult): Figure | null {
  if (roofs === null) return null;
  const subject = { ...rest, roofs, kernels, nodes };
  const all = kernels.flatMap((kernel) => pointsOf(kernel, subject)).toSorted((a, b) => b.share - a.share);
  if (all.length === 0) return null;
  const shown = all.slice(0, mostPoints);
  return {
    title: 'Roofline',
    caption:
      'Each mark is a kernel, its area the share of the time; what lies on a line does the best that this machine can. Those without products are not here.',
    drawings: [
      rooflineChart({
        description: `Roofline: ${shown.length} kernels by arithmetic intensity and speed. The numbers are in the table below.`,
        roofs,
        points: shown,
      }),
    ],
    legend: boundSeries.map((bound, index) => legendEntry(bound ?? 'not known', index)),
    data: {
      header: ['node', 'FLOP a byte', 'GFLOP/s', 'share', 'held back by'],
      rows: all.map(({ name, intensity, rate, share, bound }) => [name, intensity, rate, share, bound]),
    },
    more: all.length > shown.length ? `The ${mostPoints} costliest are drawn.` : null,
  };
}

const boundSeries: readonly ProfiledKernel['bound'][] = ['compute', 'memory', 'overhead', null];

function pointsOf(kernel: ProfiledKernel, subject: ProfileSubject & { readonly roofs: Roofs }): RooflinePoint[] {
  const { intensity, gflopPerSecond: rate, bound, share } = kernel;
  if (intensity === null || rate === null || !(intensity > 0 && rate > 0)) return [];
  const name = kernelLabel(kernel, subject);
  const figures = `${formatNumber(intensity)} FLOP a byte, ${formatNumber(rate)} GFLOP/s, ${formatPercent(share.value)} of the time`;
  const series = boundSeries.indexOf(bound);
  return [{ name, intensity, rate, share: share.value, bound, series, text: `${name} (${kernel.op}): ${figures}` }];
}
