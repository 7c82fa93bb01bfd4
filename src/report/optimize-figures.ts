import type { GraphFigures, OptimizeResult } from '../optimize/optimize-result.ts';
import type { Cell, Column } from './grid.ts';
import { formatBytes, formatPercent, formatWhole } from './units.ts';

interface Line {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly format: (value: number) => string;
  /** False for numbers that are no amounts. */
  readonly isAmount?: boolean;
}

/** Operators shown where nobody asks for all of them. */
const shownOperators = 8;

/** What a model weighed and weighs: its figures, then its operators, all of them with `details`. */
export function figureColumns(result: OptimizeResult, details: boolean): readonly Column[] {
  const operators = operatorLines(result.before, result.after);
  const changed = operators.filter(({ before, after }) => before !== after).slice(0, shownOperators);
  const lines = [...graphLines(result), ...(details ? operators : changed)];
  return [
    { header: [''], align: 'left', dropOrder: 0, cells: lines.map(({ name }) => ({ text: name })) },
    {
      header: ['before'],
      align: 'right',
      dropOrder: 0,
      cells: lines.map(({ before, format }) => cell(before, format)),
    },
    { header: ['after'], align: 'right', dropOrder: 0, cells: lines.map(({ after, format }) => cell(after, format)) },
    { header: ['change'], align: 'right', dropOrder: 1, cells: lines.map(changeCell) },
  ];
}

function graphLines({ before, after, model, output }: OptimizeResult): readonly Line[] {
  const ofBoth = (name: string, key: 'nodes' | 'initializers' | 'constantBytes' | 'macs', format = formatWhole) => ({
    name,
    before: before[key],
    after: after[key],
    format,
  });
  return [
    ofBoth('nodes', 'nodes'),
    ofBoth('initializers', 'initializers'),
    ofBoth('constants', 'constantBytes', formatBytes),
    {
      name: 'file',
      before: model.sizeBytes + model.externalBytes,
      after: output === null ? null : output.sizeBytes + output.externalBytes,
      format: formatBytes,
    },
    ofBoth('MACs', 'macs'),
    { name: 'opset', before: before.opset, after: after.opset, format: String, isAmount: false },
  ];
}

/** Every operator of either graph, those whose number changed most first. */
function operatorLines(before: GraphFigures, after: GraphFigures): readonly Line[] {
  return [...new Set([...Object.keys(before.operators), ...Object.keys(after.operators)])]
    .map((name) => ({
      name: `  ${name}`,
      before: before.operators[name] ?? 0,
      after: after.operators[name] ?? 0,
      format: formatWhole,
    }))
    .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || b.before - a.before);
}

function cell(value: number | null, format: Line['format']): Cell {
  return { text: value === null ? '-' : format(value) };
}

function changeCell({ before, after, isAmount = true }: Line): Cell {
  if (!isAmount || before === null || after === null || before === after || before === 0) return { text: '' };
  const change = after / before - 1;
  return { text: `${change > 0 ? '+' : '−'}${formatPercent(Math.abs(change))}`, tone: change < 0 ? 'good' : 'plain' };
}
