import type { Measurement } from '../runtime/runtime.ts';

/** What all instances did while all of them ran. */
export interface CommonWindow {
  readonly windowMs: number;
  /** Service times of the runs that ended inside the window, in the order they ended. */
  readonly latencyMs: readonly number[];
}

/**
 * The window in which every instance ran: from the latest first start to the earliest last end. Only runs that end
 * inside it count, for outside it the others are idle and a run is faster than it would be under the load that the
 * point claims. A sum of the instances' own rates would count that.
 */
export function commonWindow(measurements: readonly Measurement[]): CommonWindow {
  const { from, to } = windowBounds(measurements);
  const inside = measurements.flatMap((measurement) => runsEndingIn(measurement, { from, to }));
  if (measurements.length > 1) inside.sort((a, b) => a.endMs - b.endMs);
  return { windowMs: Math.max(0, to - from), latencyMs: inside.map(({ latencyMs }) => latencyMs) };
}

/** Where that window begins and ends, on the runtime's clock. */
export function windowBounds(measurements: readonly Measurement[]): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(...measurements.map(({ startsMs }) => startsMs[0] ?? Number.NaN)),
    to: Math.min(...measurements.map(({ endsMs }) => endsMs.at(-1) ?? Number.NaN)),
  };
}

/** Places of the runs that end inside a window. */
export function runsInside(
  { endsMs }: Pick<Measurement, 'endsMs'>,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  return [...endsMs.keys()].filter((run) => {
    const endMs = endsMs[run] ?? Number.NaN;
    return endMs > from && endMs <= to;
  });
}

function runsEndingIn(
  measurement: Measurement,
  bounds: { from: number; to: number },
): { endMs: number; latencyMs: number }[] {
  const { startsMs, endsMs } = measurement;
  return runsInside(measurement, bounds).map((run) => {
    const endMs = endsMs[run] ?? Number.NaN;
    return { endMs, latencyMs: endMs - (startsMs[run] ?? endMs) };
  });
}
