import { scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import { meaningOf } from '../../data/dimension-names.ts';
import type { CostCurve } from '../cost-result.ts';
import type { ServiceCurve } from './service-curve.ts';
import type { Sweep } from './sweep.ts';
import { itemsPerSecondAt } from './times-at.ts';

export interface FittedSweep {
  readonly sweep: Sweep;
  readonly curve: ServiceCurve;
}

/** What a run does with tokens, for each of its items. */
interface TokenRun {
  readonly kind: 'reads' | 'writes';
  readonly tokens: number;
}

type Tokens = NonNullable<CostCurve['tokens']>;

/**
 * Tokens a second that one replica reads and writes when it does nothing else; null for a model without tokens.
 *
 * A result that has measured generation says so itself. Else lengths tell what runs of a language model do: all of a
 * prompt at once without a cache of keys and values or with an empty one, or the next token after those in the cache.
 * The other rate, of the same replica, is looked for in the other sweeps.
 */
export function tokenRates(fitted: FittedSweep, others: readonly FittedSweep[]): CostCurve['tokens'] {
  const generation = measuredGeneration(fitted.sweep);
  if (generation !== null) return generation;
  const own = tokenRun(fitted.sweep);
  if (own === null) return null;
  const alike = [fitted, ...others.filter(({ sweep }) => isSameReplica(sweep, fitted.sweep))];
  const reads = alike.find(({ sweep }) => tokenRun(sweep)?.kind === 'reads');
  const writes = alike.find(({ sweep }) => tokenRun(sweep)?.kind === 'writes');
  return {
    inputPerSecond: reads === undefined ? null : rateOf(reads),
    outputPerSecond: writes === undefined ? null : rateOf(writes),
    prompt: own.kind === 'reads' ? own.tokens : 0,
    generated: own.kind === 'writes' ? own.tokens : 0,
  };
}

/** Of the point that writes fastest; its rates are of all instances together. */
function measuredGeneration({ points, instances }: Sweep): Tokens | null {
  const measured = points.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens]));
  const [best] = measured.toSorted((a, b) => b.decodeTokensPerSecond.value - a.decodeTokensPerSecond.value);
  if (best === undefined) return null;
  return {
    inputPerSecond: scaledInterval(best.prefillTokensPerSecond, 1 / instances),
    outputPerSecond: scaledInterval(best.decodeTokensPerSecond, 1 / instances),
    prompt: best.prompt,
    generated: best.generated,
  };
}

function tokenRun({ model: { inputs }, points }: Sweep): TokenRun | null {
  const dims = points[0]?.dims ?? {};
  const ids = inputs.find(({ name, type, shape }) => isIds(name) && /^int(32|64)$/.test(type) && shape.length === 2);
  const axis = ids?.shape[1];
  const tokens = typeof axis === 'string' ? dims[axis] : axis;
  if (tokens === undefined || tokens < 1) return null;
  return { kind: hasCache(inputs, dims) && tokens === 1 ? 'writes' : 'reads', tokens };
}

function isIds(name: string): boolean {
  return /^(input_ids|ids|tokens|token_ids)(:\d+)?$/i.test(name);
}

/** Keys and values of tokens before. */
function hasCache(inputs: Sweep['model']['inputs'], dims: Readonly<Record<string, number>>): boolean {
  const lengths = inputs.flatMap(({ shape }) => shape.filter((axis) => typeof axis === 'string'));
  return lengths.some((name) => meaningOf(name) === 'past' && (dims[name] ?? 0) > 0);
}

function isSameReplica(a: Sweep, b: Sweep): boolean {
  return (
    a !== b &&
    a.model.sha256 === b.model.sha256 &&
    a.environment.fingerprint === b.environment.fingerprint &&
    a.ep === b.ep &&
    a.threads === b.threads &&
    a.instances === b.instances
  );
}

/** At the batch that is fastest for its size. */
function rateOf({ sweep, curve }: FittedSweep): Interval {
  const rates = curve.points.map(({ batch }) => itemsPerSecondAt(curve, batch));
  const [best] = rates.toSorted((a, b) => b.value - a.value);
  return scaledInterval(best ?? { value: 0, low: null, high: null }, tokenRun(sweep)?.tokens ?? 0);
}
