import type { CostCurve, CostResult } from '../cost/cost-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { modelName } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { intervalText } from './interval-digits.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatNumber, formatPercent } from './units.ts';

/** What each model was measured to take, in a line each. */
export function curveFacts(result: CostResult): readonly Fact[] {
  return result.curves.map((curve) => ({ label: 'Measured', text: curveText(curve, result) }));
}

function curveText(curve: CostCurve, result: CostResult): string {
  const { modelIndex, points, kind, largestResidual } = curve;
  const fit =
    kind === 'linear'
      ? `largest residual ${formatPercent(largestResidual)}`
      : `piecewise, for a line misses by ${formatPercent(largestResidual)}`;
  const batches = points.map(({ batch }) => batch).join(', ');
  return `${modelName(result, modelIndex)}: ${lineText(curve)} (${fit}), batch ${batches}; ${howText(curve)}${sharesText(curve)}`;
}

/** `3.50 ms + 1.25 ms an item` */
function lineText({ tau0Ms, alphaMs }: CostCurve): string {
  return `${formatNumber(tau0Ms)} ms + ${formatNumber(alphaMs)} ms an item`;
}

function howText({ ep, threads, instances, dims, processor }: CostCurve): string {
  const lengths = Object.entries(dims).map(([name, length]) => `${shortName(name)}=${length}`);
  const beside = instances === 1 ? [] : [`${instances} at once`];
  return [shortName(ep), count(threads, 'thread'), ...beside, ...lengths, `on ${shortName(processor, 60)}`].join(', ');
}

function sharesText({ shares }: CostCurve): string {
  if (shares === null) return '';
  const { compute, memory, overhead } = shares;
  return `; ${formatPercent(compute)} of it by arithmetic, ${formatPercent(memory)} by memory, ${formatPercent(overhead)} by neither`;
}

interface Row {
  readonly curve: CostCurve;
  readonly point: CostCurve['points'][number];
}

/** Every measured point beside the curve that stands for it. */
export function curvesSection(result: CostResult): readonly Section[] {
  const rows: readonly Row[] = result.curves.flatMap((curve) => curve.points.map((point) => ({ curve, point })));
  if (rows.length === 0) return [];
  const columns: readonly RowColumn<Row>[] = [
    ['model', 'left', ({ curve }) => modelName(result, curve.modelIndex)],
    ['result', 'left', ({ curve }) => shortName(curve.result), 2],
    ['run as', 'left', ({ curve }) => `${shortName(curve.ep)}, ${count(curve.threads, 'thread')}`, 1],
    ['batch', 'right', ({ point }) => String(point.batch)],
    ['measured ms', 'right', ({ point }) => intervalText(point.measuredMs)],
    ['curve ms', 'right', ({ point }) => formatNumber(point.fittedMs)],
    ['rounds', 'right', ({ point }) => String(point.rounds)],
  ];
  return [{ title: 'Service times', blocks: [{ kind: 'grid', columns: columnsOf(rows, columns), more: null }] }];
}
