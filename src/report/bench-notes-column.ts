import type { BenchResult, Point } from '../bench/bench-result.ts';
import type { Cell, Column } from './grid.ts';
import { describeFinding } from './messages/message.ts';

/** What stands out about a point: best of its kind, wrong outputs, or why it has no numbers (by number, see below the table). */
export function notesColumn(result: BenchResult): Column {
  return {
    header: ['notes'],
    align: 'left',
    cells: result.points.map((point, index) => notesCell(result, point, index)),
    dropOrder: 0,
  };
}

/** The numbered reasons that `failed (1)` and `skipped (2)` refer to. */
export function reasonSentences(result: BenchResult): readonly string[] {
  return [...new Set(result.points.flatMap((point) => reasonOf(point) ?? []))];
}

/** A point with wrong outputs is not praised for its speed. */
function notesCell(result: BenchResult, point: Point, index: number): Cell {
  if (point.status !== 'ok') return unmeasuredCell(result, point);
  if (point.outputsMatchCpu === false) return { text: 'outputs differ', tone: 'bad' };
  if (point.outputsMatchExpected === false) return { text: 'not as expected', tone: 'bad' };
  if (point.tokens?.matchesUncached === false) return { text: 'cache differs', tone: 'bad' };
  if (result.points.length === 1) return { text: '' };
  const [latency, rate] = point.tokens === undefined ? ['best p50', 'best items/s'] : ['best TPOT', 'best tok/s'];
  const good = [
    result.best.latency === index ? latency : '',
    result.best.throughput === index ? rate : '',
    result.best.knees.includes(index) ? 'knee' : '',
  ];
  return { text: good.filter((note) => note !== '').join(', '), tone: 'good' };
}

function unmeasuredCell(result: BenchResult, point: Point): Cell {
  const reason = reasonOf(point);
  const tone = point.status === 'failed' ? 'bad' : 'warn';
  const number = reason === null ? '' : ` (${reasonSentences(result).indexOf(reason) + 1})`;
  return { text: `${point.status}${number}`, tone };
}

function reasonOf(point: Point): string | null {
  return point.reason === null ? null : describeFinding(point.reason);
}
