import type { BenchSet } from '../../../result/bench-set.ts';
import type { LabeledPoint } from '../../bench-factors.ts';
import { benchSetPage as setColumns } from '../../bench-set-columns.ts';
import { benchSetRows, resultLetter } from '../../bench-set-rows.ts';
import { formatNumber } from '../../units.ts';
import { benchAxes } from '../bench-axes.ts';
import { benchCurves } from '../bench-curves.ts';
import type { Figure } from '../figure.ts';
import { modelTradeOff } from '../model-trade-off.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { originOf } from './origin-of.ts';

/** Several bench results side by side. */
export function benchSetPage(set: BenchSet): Page {
  const { heading, columns, facts } = setColumns(set);
  const letters = set.results.map((_, index) => resultLetter(index));
  const labeled = set.results.map(({ result }, index) => ({ label: letters[index] ?? '', result }));
  return {
    kind: 'bench, several results',
    heading: heading === '' ? set.results.map(({ path }) => path).join(', ') : heading,
    lead: facts.filter(({ label }) => /comparable/i.test(label)).map(({ text }) => ({ text, tone: 'plain' })),
    sections: [
      { title: 'Points', blocks: [{ kind: 'grid', columns, more: null }] },
      ...figureSection('Curves', [setCurves(set)]),
      ...figureSection('Trade-offs', [modelTradeOff(labeled)]),
    ],
    facts,
    warnings: [],
    origins: set.results.map(({ path, result }, index) => originOf(result, `${letters[index] ?? ''}: ${path}`)),
  };
}

/** Each result as if it were a model of its own: its letter goes before the model's name. */
function setCurves(set: BenchSet): Figure | null {
  const rows = benchSetRows(set).flatMap(({ named, points }) =>
    points.flatMap((point, index): readonly LabeledPoint[] =>
      point === null ? [] : [{ label: `${resultLetter(index)}: ${named.label}`, point }],
    ),
  );
  const axes = benchAxes(rows);
  if (axes === null) return null;
  return benchCurves(rows, axes, {
    title: 'Latency',
    axis: 'p50 ms',
    caption: 'Median time of a run; letters are the results. Only those of one fingerprint can be compared.',
    read: ({ point }) => point.latencyMs?.p50 ?? null,
    format: formatNumber,
  });
}
