import type { TokenTimes } from '../../runtime/generation/generation.ts';
import type { Measurement } from '../../runtime/runtime.ts';
import type { TokenBlock } from '../bench-result.ts';
import { runsInside, windowBounds } from '../common-window.ts';
import { thinOut } from '../thin-out.ts';

/** Times of one request. */
interface Request {
  readonly ttftMs: number;
  readonly itlMs: Float64Array;
  readonly produced: number;
  readonly prompted: number;
  readonly insideMs: number;
  readonly elapsedMs: number;
}

/**
 * What the requests of a block took that ended while all instances ran; undefined where none wrote a second token.
 * Rates are of all instances together.
 *
 * @param batch sequences of a request
 */
export function blockTokens(measurements: readonly Measurement[], batch: number): TokenBlock | undefined {
  const bounds = windowBounds(measurements);
  const requests = measurements.flatMap((measurement) => {
    const { tokens } = measurement;
    if (tokens === undefined) return [];
    const all = requestsOf(measurement, tokens);
    return runsInside(measurement, bounds).flatMap((run) => all[run] ?? []);
  });
  const gaps = requests.flatMap(({ itlMs }) => [...itlMs]);
  if (gaps.length === 0) return undefined;
  const total = (read: (request: Request) => number) => requests.reduce((sum, request) => sum + read(request), 0);
  const sequences = requests.length * batch;
  const instances = measurements.length;
  // A stride that met the same places of every request would tell of these alone.
  const kept = thinOut(gaps, requests[0]?.itlMs.length);
  return {
    ttftMs: [...thinOut(requests.map(({ ttftMs }) => ttftMs)).latencyMs],
    tpotMs: [...thinOut(requests.flatMap(tpotMs)).latencyMs],
    itlMs: [...kept.latencyMs],
    itlStride: kept.stride,
    gaps: gaps.length,
    prompt: total(({ prompted }) => prompted) / sequences,
    generated: total(({ produced }) => produced) / sequences,
    prefillTokensPerSecond: (instances * 1000 * total(({ prompted }) => prompted)) / total(({ ttftMs }) => ttftMs),
    decodeTokensPerSecond: (instances * 1000 * (total(({ produced }) => produced) - sequences)) / kept.sumMs,
    outputTokensPerSecond: (1000 * total(({ produced }) => produced)) / (bounds.to - bounds.from),
    outsideShare: 1 - total(({ insideMs }) => insideMs) / total(({ elapsedMs }) => elapsedMs),
    copyMs: meanCopyMs(measurements),
  };
}

/** From one token to the next on average: what vLLM calls the time per output token. */
function tpotMs({ itlMs }: Request): readonly number[] {
  return itlMs.length === 0 ? [] : [itlMs.reduce((sum, ms) => sum + ms, 0) / itlMs.length];
}

function requestsOf({ startsMs, endsMs }: Measurement, tokens: TokenTimes): readonly Request[] {
  let from = 0;
  return Array.from(tokens.gaps, (gaps, run) => {
    const itlMs = tokens.itlMs.subarray(from, from + gaps);
    from += gaps;
    return {
      ttftMs: tokens.ttftMs[run] ?? Number.NaN,
      itlMs,
      produced: tokens.produced[run] ?? 0,
      prompted: tokens.prompted[run] ?? 0,
      insideMs: tokens.insideMs[run] ?? 0,
      elapsedMs: (endsMs[run] ?? 0) - (startsMs[run] ?? 0),
    };
  });
}

function meanCopyMs(measurements: readonly Measurement[]): number | null {
  const times = measurements.flatMap(({ tokens }) => tokens?.copyMs ?? []);
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / times.length;
}
