import type { EvaluatedMetric, EvaluateResult } from '../../../evaluate/evaluate-result.ts';
import { estimateText } from '../../estimate-text.ts';
import { evaluateSummary } from '../../evaluate-summary.ts';
import { unitOf } from '../../evaluate-units.ts';
import { modelLabels } from '../../model-labels.ts';
import { formatPercent } from '../../units.ts';
import type { IntervalRow } from '../charts/interval-chart.ts';
import type { Figure } from '../figure.ts';
import { intervalFigure } from '../interval-figure.ts';
import type { Page, PageBlock, PageSection } from '../page.ts';
import { figureSection } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** Metrics and closeness, and what they mean for the goals. */
export function evaluatePage(result: EvaluateResult): Page {
  const { heading, metrics, closeness, verdicts, facts, warnings } = evaluateSummary(result, wholeView);
  return {
    kind: 'evaluate',
    heading,
    lead: verdicts,
    sections: [
      ...gridSection('Metrics', metrics === null ? null : { kind: 'grid', columns: metrics, more: null }),
      ...figureSection('Shares', [sharesFigure(result)]),
      ...gridSection('Closeness', closeness === null ? null : { kind: 'grid', ...closeness }),
    ],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}

function gridSection(title: string, block: PageBlock | null): readonly PageSection[] {
  return block === null ? [] : [{ title, blocks: [block] }];
}

/** Metrics that are shares have one axis; the others are in the table. */
function sharesFigure({ metrics, model, reference }: EvaluateResult): Figure | null {
  const [own = '', other = ''] = modelLabels([model.path, ...(reference === null ? [] : [reference.path])]);
  return intervalFigure({
    title: 'Metrics that are shares',
    caption: 'Share of the samples with its 95 % interval.',
    axisTitle: 'share',
    axis: 'near',
    format: formatPercent,
    rows: metrics
      .filter(({ name }) => unitOf(name) === 'percent')
      .flatMap((metric) => [
        ...shareRow(metric, own, metric.value),
        ...shareRow(metric, other, metric.reference?.value ?? null),
      ]),
  });
}

function shareRow({ name }: EvaluatedMetric, of: string, estimate: EvaluatedMetric['value']): readonly IntervalRow[] {
  if (estimate === null) return [];
  const label = `${name}, ${of}`;
  const note = estimateText(estimate, 'percent');
  return [{ ...estimate, label, note, tone: 'plain', allowed: null, text: `${label}: ${note}` }];
}
