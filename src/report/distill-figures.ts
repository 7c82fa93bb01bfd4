import type { DistillResult, PairedDifference } from '../distill/distill-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { FigureUnit } from './estimate-text.ts';
import { estimateText } from './estimate-text.ts';
import { columnsOf } from './columns-of.ts';
import type { Column } from './grid.ts';
import { formatNumber } from './units.ts';

interface Line {
  readonly name: string;
  readonly unit: FigureUnit;
  readonly differenceUnit: FigureUnit;
  readonly teacher: Estimate | null;
  readonly before: Estimate;
  readonly after: Estimate | null;
  readonly change: PairedDifference | null;
}

/** The student before and after on the held-out samples, with the teacher where that makes sense. */
export function figureColumns(result: DistillResult): readonly Column[] {
  const { metric, teacherMetric, before, after, improvement } = result;
  const isShare = metric.name === 'accuracy' || metric.name === 'agreement';
  const lines: readonly Line[] = [
    {
      name: metric.name === 'agreement' ? 'agreement with the teacher' : metric.name,
      unit: isShare ? 'percent' : 'plain',
      differenceUnit: isShare ? 'points' : 'plain',
      teacher: teacherMetric,
      before: before.metric,
      after: after?.metric ?? null,
      change: improvement?.metric ?? null,
    },
    {
      name: 'loss',
      unit: 'plain',
      differenceUnit: 'plain',
      teacher: null,
      before: before.loss,
      after: after?.loss ?? null,
      change: improvement?.loss ?? null,
    },
  ];
  const columns = columnsOf<Line>(lines, [
    ['held out', 'left', ({ name }) => name],
    ['before', 'right', ({ before: value, unit }) => estimateText(value, unit)],
    ['after', 'right', ({ after: value, unit }) => estimateText(value, unit)],
    ['change', 'right', changeText, 1],
    ['p', 'right', ({ change }) => pText(change), 2],
  ]);
  if (teacherMetric === null) return columns;
  const teacher = columnsOf<Line>(lines, [['teacher', 'right', (line) => estimateText(line.teacher, line.unit), 1]]);
  return [...columns, ...teacher];
}

function changeText({ change, differenceUnit }: Line): string {
  return estimateText(change?.difference ?? null, differenceUnit, { signed: true });
}

function pText(change: PairedDifference | null): string {
  const p = change?.test.p ?? null;
  if (p === null) return '-';
  return p < 0.001 ? '<0.001' : formatNumber(p);
}
