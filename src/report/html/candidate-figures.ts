import type { Estimate } from '../../result/envelope.ts';
import { dropName, dropUnit } from '../evaluate-verdict.ts';
import { estimateText, limitText } from '../estimate-text.ts';
import type { JudgedResult } from '../judged-texts.ts';
import { formatBytes, formatNumber } from '../units.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { Figure } from './figure.ts';
import type { TradeAxis } from './trade-off.ts';
import { tradeOffFigure } from './trade-off.ts';

/** A candidate, or the original, by what it can be weighed by. */
interface Weighed {
  readonly name: string;
  readonly isChosen: boolean;
  readonly size: Estimate;
  readonly latency: Estimate | null;
  readonly drop: Estimate | null;
  /** Null for the original, which is equal to itself. */
  readonly sqnr: Estimate | null;
}

/** Latency, size and closeness of what was tried, two at a time. */
export function candidateFigures(result: JudgedResult, beforeBytes: number): readonly (Figure | null)[] {
  const all: readonly Weighed[] = [original(result, beforeBytes), ...result.candidates.flatMap(weighed)];
  const latency: TradeAxis = {
    title: 'p50 ms',
    format: formatNumber,
    tick: formatTick,
    fromZero: true,
    better: 'less',
  };
  const size: TradeAxis = { title: 'size', format: formatBytes, fromZero: true, isBinary: true, better: 'less' };
  const sqnr: TradeAxis = { title: 'SQNR dB', format: formatNumber, tick: formatTick, fromZero: false, better: 'more' };
  const drop = dropAxis(result);
  const hasDrop = all.filter((candidate) => candidate.drop !== null).length > 2;
  const hasLatency = all.filter((candidate) => candidate.latency !== null).length > 1;
  const figure = (title: string, x: Weighing, y: Weighing): Figure | null => figureOf(all, title, [x, y]);
  const bySize: Weighing = { axis: size, read: (candidate) => candidate.size };
  const byLatency: Weighing = { axis: latency, read: (candidate) => candidate.latency };
  const closeness: Weighing = hasDrop
    ? { axis: drop, read: (candidate) => candidate.drop }
    : { axis: sqnr, read: (candidate) => candidate.sqnr };
  const name = closeness.axis.title;
  return [
    hasLatency ? figure('Latency against size', bySize, byLatency) : null,
    hasLatency ? figure(`Latency against ${name}`, closeness, byLatency) : null,
    figure(`Size against ${name}`, closeness, bySize),
  ];
}

interface Weighing {
  readonly axis: TradeAxis;
  readonly read: (candidate: Weighed) => Estimate | null;
}

function figureOf(all: readonly Weighed[], title: string, [x, y]: readonly [Weighing, Weighing]): Figure | null {
  const points = all.flatMap((candidate) => {
    const [atX, atY] = [x.read(candidate), y.read(candidate)];
    return atX === null || atY === null ? [] : [{ name: candidate.name, isChosen: candidate.isChosen, x: atX, y: atY }];
  });
  const chosen = points.some(({ isChosen }) => isChosen) ? 'the chosen one' : '';
  return tradeOffFigure({ title, points, x: x.axis, y: y.axis, chosen });
}

function dropAxis({ evaluation: { drop } }: JudgedResult): TradeAxis {
  const unit = drop === null ? 'plain' : dropUnit(drop);
  return {
    title: drop === null ? 'drop' : dropName(drop),
    format: (value) => estimateText(exactly(value), unit),
    tick: (value) => limitText(value, unit),
    fromZero: true,
    better: 'less',
  };
}

function original({ speedup }: JudgedResult, beforeBytes: number): Weighed {
  return {
    name: 'the original',
    isChosen: false,
    size: exactly(beforeBytes),
    latency: speedup?.beforeMs ?? null,
    drop: exactly(0),
    sqnr: null,
  };
}

function weighed(candidate: JudgedResult['candidates'][number]): readonly Weighed[] {
  const { name, chosen, sizeBytes, latencyMs, drop, sqnrDb, failure } = candidate;
  if (failure !== null) return [];
  return [
    {
      name,
      isChosen: chosen,
      size: exactly(sizeBytes),
      latency: latencyMs,
      drop: drop === null ? null : exactly(drop),
      sqnr: sqnrDb === null ? null : exactly(sqnrDb),
    },
  ];
}

function exactly(value: number): Estimate {
  return { value, low: null, high: null };
}
