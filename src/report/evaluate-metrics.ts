import type { EvaluatedMetric, EvaluateResult } from '../evaluate/evaluate-result.ts';
import { columnsOf } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import { differenceUnitOf, unitOf } from './evaluate-units.ts';
import type { Column } from './grid.ts';
import { modelLabels } from './model-labels.ts';
import { formatNumber } from './units.ts';

/** Below this a difference is not put down to chance. */
const significance = 0.05;

/** A line for each metric; beside a reference also its value, the difference and what that means. */
export function metricColumns({ metrics, model, reference }: EvaluateResult): readonly Column[] {
  const [own = '', other = ''] = modelLabels([model.path, ...(reference === null ? [] : [reference.path])]);
  const alone = columnsOf(metrics, [
    ['metric', 'left', ({ name }) => name],
    [own, 'left', ({ name, value }) => estimateText(value, unitOf(name))],
  ]);
  if (reference === null) return alone;
  const beside = columnsOf(metrics, [
    [other, 'left', ({ name, reference: held }) => estimateText(held?.value ?? null, unitOf(name))],
    ['difference', 'left', differenceText],
    ['p', 'right', ({ reference: held }) => pText(held?.test.p ?? null), 1],
  ]);
  return [...alone, ...beside, meaningColumn(metrics)];
}

function differenceText({ name, reference }: EvaluatedMetric): string {
  return estimateText(reference?.difference ?? null, differenceUnitOf(name), { signed: true });
}

function pText(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '<0.001' : formatNumber(p);
}

function meaningColumn(metrics: readonly EvaluatedMetric[]): Column {
  const tones = { better: 'good', worse: 'bad', unshown: 'plain', unknown: 'warn' } as const;
  const texts = { better: 'better', worse: 'worse', unshown: 'no difference shown', unknown: 'unknown' } as const;
  const cells = metrics.map((metric) => {
    const meaning = meaningOf(metric);
    return { text: texts[meaning], tone: tones[meaning] };
  });
  return { header: [''], align: 'left', dropOrder: 2, cells };
}

/** That no difference could be shown does not say that there is none. */
function meaningOf({ higherIsBetter, reference }: EvaluatedMetric): 'better' | 'worse' | 'unshown' | 'unknown' {
  if (reference === null || reference.difference === null) return 'unknown';
  const { value, low, high } = reference.difference;
  const { p } = reference.test;
  const isShown = p === null ? low !== null && high !== null && (low > 0 || high < 0) : p < significance;
  if (!isShown || value === 0) return 'unshown';
  return value > 0 === higherIsBetter ? 'better' : 'worse';
}
