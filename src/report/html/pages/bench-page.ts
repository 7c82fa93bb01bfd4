import type { BenchResult } from '../../../bench/bench-result.ts';
import { benchColumns } from '../../bench-columns.ts';
import type { Factors, LabeledPoint } from '../../bench-factors.ts';
import { pointName, splitFactors } from '../../bench-factors.ts';
import { loadColumns } from '../../bench-load-columns.ts';
import { writesText } from '../../bench-language-columns.ts';
import { benchRows } from '../../bench-rows.ts';
import { benchSummary } from '../../bench-summary.ts';
import { modelLabels } from '../../model-labels.ts';
import { formatMs, formatNumber } from '../../units.ts';
import { benchAxes } from '../bench-axes.ts';
import { benchCurves } from '../bench-curves.ts';
import type { Measure } from '../bench-curves.ts';
import { textMeasures, textTradeOff } from '../bench-text.ts';
import { formatTick } from '../charts/plot-frame.ts';
import type { Figure } from '../figure.ts';
import { intervalFigure } from '../interval-figure.ts';
import type { Page, PageSection } from '../page.ts';
import { figureSection } from '../page.ts';
import { tradeOffFigure } from '../trade-off.ts';
import { modelTradeOff } from '../model-trade-off.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** Points, their curves over what was varied, and latency against throughput. Raw blocks stay in the result file. */
export function benchPage(result: BenchResult): Page {
  const { heading, reasons, facts, warnings } = benchSummary(result);
  const labels = modelLabels(result.models.map(({ path }) => path));
  return {
    kind: 'bench',
    heading: heading === '' ? labels.join(', ') : heading,
    lead: withoutPlace(facts)
      .filter(({ label }) => label.startsWith('Best') || label === 'Max rate' || label === 'Interrupted')
      .map(({ label, text }) => ({ text: `${label}: ${text}`, tone: 'plain' })),
    sections: [...figureSections(result), pointsSection(result, reasons), ...loadSection(result)],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}

function pointsSection(result: BenchResult, reasons: readonly string[]): PageSection {
  const facts = reasons.map((text, index) => ({ label: `(${index + 1})`, text }));
  return {
    title: 'Points',
    blocks: [
      { kind: 'grid', columns: benchColumns(result), more: null },
      ...(facts.length === 0 ? [] : [{ kind: 'facts', facts } as const]),
    ],
  };
}

function loadSection(result: BenchResult): readonly PageSection[] {
  const columns = loadColumns(result);
  return columns === null ? [] : [{ title: 'Under load', blocks: [{ kind: 'grid', columns, more: null }] }];
}

function figureSections(result: BenchResult): readonly PageSection[] {
  const rows = benchRows(result);
  const axes = benchAxes(rows);
  const measures = writesText(result.points) ? textMeasures : runMeasures;
  const curves = axes === null ? [pointsFigure(rows)] : measures.map((measure) => benchCurves(rows, axes, measure));
  const trades = [
    writesText(result.points) ? textTradeOff(rows) : throughputTradeOff(rows),
    modelTradeOff([{ label: '', result }]),
  ];
  return [...figureSection('Curves', curves), ...figureSection('Trade-offs', trades)];
}

const runMeasures: readonly Measure[] = [
  {
    title: 'Latency',
    axis: 'p50 ms',
    caption: 'Median time of a run.',
    read: ({ point }) => point.latencyMs?.p50 ?? null,
    format: formatNumber,
  },
  {
    title: 'Throughput',
    axis: 'items/s',
    caption: 'Items a second, all instances together.',
    read: ({ point }) => point.throughput?.itemsPerSecond ?? null,
    format: formatNumber,
  },
];

/** Where nothing with numbers varies: models and providers below one another. */
function pointsFigure(rows: readonly LabeledPoint[]): Figure | null {
  const factors = splitFactors(rows);
  return intervalFigure({
    title: 'Latency',
    caption: 'Median time of a run with its 95 % interval.',
    axisTitle: 'p50 ms',
    axis: 'value',
    format: formatTick,
    rows: rows.flatMap((row) => intervalRow(row, factors)),
  });
}

function intervalRow(row: LabeledPoint, factors: Factors) {
  const estimate = row.point.latencyMs?.p50;
  if (estimate === undefined) return [];
  const label = pointName(row, factors);
  const { value, low, high } = estimate;
  const note =
    low === null || high === null
      ? formatMs(value)
      : `${formatMs(value)} [${formatNumber(low)}, ${formatNumber(high)}]`;
  return [{ label, value, low, high, tone: 'plain', allowed: null, note, text: `${label}: ${note}` } as const];
}

function throughputTradeOff(rows: readonly LabeledPoint[]): Figure | null {
  const factors = splitFactors(rows);
  const points = rows.flatMap((row) => {
    const { latencyMs, throughput } = row.point;
    if (latencyMs === null || throughput === null) return [];
    return [{ name: pointName(row, factors), x: throughput.itemsPerSecond, y: latencyMs.p50, isChosen: false }];
  });
  if (points.length < 3) return null;
  return tradeOffFigure({
    title: 'Latency against throughput',
    points,
    x: { title: 'items/s', format: formatNumber, tick: formatTick, fromZero: true, better: 'more' },
    y: { title: 'p50 ms', format: formatNumber, tick: formatTick, fromZero: true, better: 'less' },
    chosen: '',
  });
}
