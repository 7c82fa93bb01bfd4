import type { ProfileResult, ProfileSubject } from '../../profile/profile-result.ts';
import { subjectLabels } from '../profile-compared.ts';
import type { StackOrder } from '../profile-stacks.ts';
import { hasModules, stackOrders, stacksOf } from '../profile-stacks.ts';
import { formatMs, formatPercent } from '../units.ts';
import { flameChart } from './charts/flame-chart.ts';
import { legendEntry } from './charts/series-symbol.ts';
import type { Figure } from './figure.ts';
import type { Flame, FlameBox } from './flame-tree.ts';
import { flameBoxes, flameTree } from './flame-tree.ts';

/** Colors to tell operators apart; the others share the last one. */
const mostColors = 8;

/** Of what was profiled and of what it is compared with, by module where names tell of any, and by operator. */
export function flameFigures(result: ProfileResult): readonly Figure[] {
  const { compared } = result;
  const colors = colorsOf(result);
  const own = compared === null ? '' : `, ${subjectLabels(result, compared)[0]}`;
  const figures = figuresOf(result, own, colors);
  if (compared === null) return figures;
  return [...figures, ...figuresOf(compared.subject, `, ${subjectLabels(result, compared)[1]}`, colors)];
}

function figuresOf(subject: ProfileSubject, of: string, colors: readonly string[]): readonly Figure[] {
  const orders = stackOrders.filter((order) => order !== 'module' || hasModules(subject));
  return orders.flatMap(
    (order) => flameFigure(subject, { title: `Flame graph by ${order}${of}`, order, colors }) ?? [],
  );
}

/** The costliest operators of both, so that one has the same color everywhere. */
function colorsOf({ operators, compared }: ProfileResult): readonly string[] {
  const all = [...operators, ...(compared?.subject.operators ?? [])];
  return [...new Set(all.toSorted((a, b) => b.timeMs.value - a.timeMs.value).map(({ op }) => op))].slice(0, mostColors);
}

interface Drawing {
  readonly title: string;
  readonly order: StackOrder;
  readonly colors: readonly string[];
}

function flameFigure(subject: ProfileSubject, { title, order, colors }: Drawing): Figure | null {
  const stacks = stacksOf(subject, order);
  if (stacks.length === 0) return null;
  const root = flameTree('all', stacks);
  const colorOf = (op: string) => (colors.includes(op) ? colors.indexOf(op) : mostColors - 1);
  const used = new Set(stacks.map(({ op }) => op));
  return {
    title,
    caption: captions[order],
    drawings: [
      flameChart({
        description: `${title}: ${stacks.length} kernels as a flame graph. The numbers are in the table below.`,
        boxes: flameBoxes(root),
        colorOf,
        textOf,
      }),
    ],
    legend: colors.flatMap((op, index) => (used.has(op) ? [legendEntry(op, index)] : [])),
    data: { header: ['frame', 'operator', 'ms', 'share'], rows: rowsOf(root) },
    more: null,
  };
}

const captions: Readonly<Record<StackOrder, string>> = {
  module:
    'Names of nodes, part by part: every frame is as wide as the time of what lies below it. Click a frame to widen it, the top one to see all.',
  operator: 'Kernels below their operators, as wide as their times. Click a frame to widen it, the top one to see all.',
};

function textOf({ flame, share }: FlameBox): string {
  const op = flame.children.size === 0 ? `, ${flame.op}` : '';
  return `${flame.name}${op}: ${formatMs(flame.timeMs)}, ${formatPercent(share)} of the time`;
}

/** Every frame by its path. */
function rowsOf(root: Flame): Figure['data']['rows'] {
  const rows: (string | number)[][] = [];
  const tell = (flame: Flame, path: string): void => {
    rows.push([path, flame.op, flame.timeMs, root.timeMs === 0 ? 0 : flame.timeMs / root.timeMs]);
    for (const child of flame.children.values()) tell(child, `${path} > ${child.name}`);
  };
  tell(root, root.name);
  return rows;
}
