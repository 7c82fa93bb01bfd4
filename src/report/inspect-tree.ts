import type { InspectResult } from '../inspect/inspect-result.ts';
import { columnsOf } from './columns-of.ts';
import type { Section } from './section.ts';
import { shapeCell } from './shape-cell.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatMagnitude, formatWhole } from './units.ts';

type TreeRow = InspectResult['tree']['rows'][number];

interface Line {
  readonly text: string;
  readonly row: TreeRow | null;
}

/** The tree of the graph, each row before what is inside it. */
export function treeSection({ tree: { nodes, rows } }: InspectResult): Section {
  const columns = columnsOf(linesBelow(rows, { indent: '', nodes }), [
    ['graph', 'left', ({ text }) => text],
    ['nodes', 'right', ({ row }) => (row === null || row.nodes === 1 ? '' : formatWhole(row.nodes))],
    ['output', 'left', ({ row }) => (row?.outputShape == null ? '' : shapeCell(row.outputShape)), 1],
    ['MACs', 'right', ({ row }) => (row === null || row.macs === 0 ? '' : formatMagnitude(row.macs))],
    [
      'constants',
      'right',
      ({ row }) => (row === null || row.constantBytes === 0 ? '' : formatBytes(row.constantBytes)),
    ],
  ]);
  return { title: 'Graph', blocks: rows.length === 0 ? [] : [{ kind: 'grid', columns, more: null }] };
}

interface Above {
  readonly indent: string;
  /** How many there are inside in all. */
  readonly nodes: number;
}

/** Rows of one parent, given in order with what is below each of them. */
function linesBelow(rows: readonly TreeRow[], { indent, nodes }: Above): readonly Line[] {
  const children = childrenOf(rows);
  const rest = nodes - children.reduce((sum, [row]) => sum + row.nodes, 0);
  const lines = children.map(withoutSteps).flatMap(([row, inside, label], index) => {
    const isLast = index === children.length - 1 && rest <= 0;
    const own = { text: `${indent}${isLast ? '└─ ' : '├─ '}${label}`, row };
    // A node that runs others is one of those it counts.
    const nodesInside = row.kind === 'node' ? row.nodes - 1 : row.nodes;
    return [own, ...linesBelow(inside, { indent: `${indent}${isLast ? '   ' : '│  '}`, nodes: nodesInside })];
  });
  // Without any, the row above tells how many there are.
  if (rest <= 0 || children.length === 0) return lines;
  return [...lines, { text: `${indent}└─ … ${count(rest, 'more node')}`, row: null }];
}

/** A module with a single one inside is drawn in one line with it: `reparam_conv/Conv`. */
function withoutSteps([row, inside]: TreeChild): readonly [...TreeChild, label: string] {
  const [only, ...others] = row.kind === 'module' ? childrenOf(inside) : [];
  if (only === undefined || others.length > 0 || only[0].nodes < row.nodes) return [row, inside, labelOf(row)];
  const [last, below, label] = withoutSteps(only);
  return [last, below, `${labelOf(row)}/${label}`];
}

type TreeChild = readonly [row: TreeRow, inside: readonly TreeRow[]];

function childrenOf(rows: readonly TreeRow[]): readonly TreeChild[] {
  const depth = rows[0]?.depth;
  const starts = rows.flatMap((row, index) => (row.depth === depth ? [index] : []));
  return starts.flatMap((start, index) => {
    const row = rows[start];
    return row === undefined ? [] : [[row, rows.slice(start + 1, starts[index + 1])] as const];
  });
}

function labelOf({ kind, name, operator }: TreeRow): string {
  if (kind !== 'node' || operator === null || name === operator) return shortName(name);
  return `${shortName(operator, 24)} '${shortName(name, 32)}'`;
}
