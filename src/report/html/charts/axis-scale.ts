import { scaleLinear, scaleLog } from 'd3-scale';

/** Where a number is drawn, and the ticks of its axis. */
export interface AxisScale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly isLog: boolean;
  /** What its ticks are round in. */
  readonly unit: number;
}

export interface AxisRequest {
  readonly values: readonly number[];
  /** Ends of intervals: in sight as far as they do not squeeze what they belong to. */
  readonly bounds?: readonly number[];
  /** Pixels of the smallest and of the largest value. */
  readonly range: readonly [number, number];
  /** As many ticks as there is room for. */
  readonly ticks: number;
  /** From zero, as lengths are read; else around the values. */
  readonly fromZero?: boolean;
  /** Sizes have round numbers in steps of 1,024. */
  readonly isBinary?: boolean;
}

/** Beyond this ratio of largest to smallest, small values would lie on the axis. */
const linearUpTo = 12;
/** How far beyond the values an interval may stretch the axis. */
const mostStretch = 2;

/** Linear, or logarithmic where the values differ by more than a factor of 12. */
export function axisScale(request: AxisRequest): AxisScale {
  const { values, bounds = [], fromZero = true } = request;
  const least = Math.min(...values);
  const most = Math.max(...values);
  const low = Math.max(least / mostStretch, Math.min(least, ...bounds));
  const high = Math.min(most * mostStretch, Math.max(most, ...bounds));
  if (least > 0 && most / least > linearUpTo) return logScale([low / 1.15, high * 1.15], request);
  if (fromZero) return linearScale([Math.min(0, least), high > 0 ? high * 1.05 : 1], request);
  const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return linearScale([low - room, high + room], request);
}

type Domain = readonly [number, number];

function linearScale([low, high]: Domain, { range, ticks, isBinary = false }: AxisRequest): AxisScale {
  const unit = isBinary && high >= 1 ? 1024 ** Math.floor(Math.log2(high) / 10) : 1;
  const scale = scaleLinear()
    .domain([low / unit, high / unit])
    .range(range)
    .nice(ticks);
  return {
    at: (value) => scale(value / unit),
    ticks: scale.ticks(ticks).map((tick) => tick * unit),
    isLog: false,
    unit,
  };
}

/** Ticks at 1, 2 and 5 of each decade, or at the decades alone where these are many. */
function logScale(domain: Domain, { range, ticks }: AxisRequest): AxisScale {
  const scale = scaleLog().domain(domain).range(range);
  const all = scale.ticks();
  const round = all.filter((tick) => [1, 2, 5].includes(leading(tick)));
  const shown = round.length > ticks + 2 ? round.filter((tick) => leading(tick) === 1) : round;
  return { at: (value) => scale(Math.max(value, Number.MIN_VALUE)), ticks: shown, isLog: true, unit: 1 };
}

/** First digit that is none of the zeros before it. */
function leading(tick: number): number {
  return Number(tick.toExponential(0)[0]);
}

/** Whole numbers side by side: epochs. */
export function steadyScale(values: readonly number[], range: readonly [number, number]): AxisScale {
  const scale = scaleLinear()
    .domain([Math.min(...values), Math.max(...values)])
    .range(range);
  return { at: (value) => scale(value), ticks: scale.ticks(8).filter(Number.isInteger), isLog: false, unit: 1 };
}

/** Doublings side by side, each value that occurs a tick: batches, threads. */
export function doublingScale(values: readonly number[], range: readonly [number, number]): AxisScale {
  const sorted = [...new Set(values)].toSorted((a, b) => a - b);
  const [least = 1] = sorted;
  const most = sorted.at(-1) ?? least;
  const scale = least > 0 && most / least > 4 ? scaleLog().base(2) : scaleLinear();
  scale.domain(least === most ? [least - 0.5, most + 0.5] : [least, most]).range(range);
  const every = Math.ceil(sorted.length / 10);
  // Each tick has its number, so that nobody takes the distances for linear.
  return {
    at: (value) => scale(value),
    ticks: sorted.filter((_, index) => index % every === 0),
    isLog: false,
    unit: 1,
  };
}
