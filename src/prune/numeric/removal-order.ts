import { quadraticForms } from '../../stats/quadratic-forms.ts';
import { dampedGram } from './damped-gram.ts';
import type { UnitColumns } from './obs-state.ts';
import { ObsState } from './obs-state.ts';

export interface RemovalOrderOptions {
  readonly units: number;
  /** Units to take out at most; all but one unless given. */
  readonly most?: number;
  /** Part of each matrix's mean diagonal that is added to it: a refit as `ridgeSolution` does with this strength. */
  readonly damping?: number;
  /** Units that may be taken out together, one in 128 unless given: as long as they do not stand in for each other. */
  readonly atOnce?: number;
}

/** Units in the order in which a greedy search takes them out, the others being refitted each time. */
export interface RemovalOrder {
  readonly order: Int32Array;
  /** Squared error of the readers' outputs over their squares, summed over readers, once so many units are gone. */
  readonly errors: Float64Array;
}

/**
 * Structured optimal brain surgeon: in each step the unit goes without which the readers' outputs, refitted, change
 * least; of many units some at a time. It takes about n^3 multiplications a reader, n being its columns: up to 2048 it
 * is a matter of seconds. Null when a matrix cannot be inverted or is not finite.
 */
export function removalOrder(readers: readonly UnitColumns[], options: RemovalOrderOptions): RemovalOrder | null {
  const { units, damping = 1e-3, atOnce = Math.max(1, Math.floor(units / 128)) } = options;
  const states = readers.flatMap((reader) => stateOf(reader, { units, damping }) ?? []);
  if (states.length < readers.length) return null;
  const most = Math.min(options.most ?? units - 1, units);
  const left = new Set(Array.from({ length: units }, (_, unit) => unit));
  const order: number[] = [];
  const errors: number[] = [];
  while (order.length < most) {
    const ranking = rankingOf(states, left);
    const costs = takeOut(states, ranking, Math.min(atOnce, most - order.length));
    if (costs === null) break;
    for (const [place, cost] of costs.entries()) {
      const { unit } = ranking[place] ?? { unit: -1 };
      left.delete(unit);
      order.push(unit);
      errors.push((errors.at(-1) ?? 0) + cost);
    }
  }
  return { order: Int32Array.from(order), errors: Float64Array.from(errors) };
}

/**
 * Scores that bring units into a greedy order: the error once the unit is gone, never falling along the order, so that
 * it can be ranked among other groups. Units that stayed to the end have Infinity.
 */
export function scoresOfOrder({ order, errors }: RemovalOrder, units: number): Float64Array {
  const scores = new Float64Array(units).fill(Infinity);
  for (const [place, unit] of order.entries()) scores[unit] = errors[place] ?? Infinity;
  return scores;
}

interface Reader {
  readonly state: ObsState;
  /** Squares of the outputs: what a change of them is relative to. */
  readonly energy: number;
}

function stateOf(reader: UnitColumns, { units, damping }: { readonly units: number; readonly damping: number }) {
  const n = reader.units.length;
  const damped = dampedGram(reader.gram, n, damping);
  const rows = Float64Array.from(reader.weights);
  const forms = quadraticForms({ rows, count: reader.outputs, k: n }, reader.gram);
  const energy = forms.reduce((sum, form) => sum + form, 0);
  const state = Number.isFinite(energy) ? ObsState.of(reader, damped, units) : null;
  return state === null ? null : { state, energy: energy > 0 ? energy : 1 };
}

interface RankedUnit {
  readonly unit: number;
  /** What it costs on its own. */
  readonly cost: number;
}

function rankingOf(readers: readonly Reader[], units: ReadonlySet<number>): readonly RankedUnit[] {
  const ranked = [...units].map((unit) => ({
    unit,
    cost: readers.reduce((sum, { state, energy }) => sum + state.cost(unit) / energy, 0),
  }));
  return ranked.toSorted((a, b) => (a.cost === b.cost ? a.unit - b.unit : a.cost - b.cost));
}

/** How far above the next in line a unit may come to cost through those that go with it. */
const tolerance = 1.5;

/** Takes out the first few, fewer where one would be missed for another; what each adds to the error. */
function takeOut(readers: readonly Reader[], ranking: readonly RankedUnit[], atOnce: number): readonly number[] | null {
  const first = ranking.slice(0, atOnce).filter(({ cost }) => cost < Infinity);
  const removals = readers.flatMap(({ state, energy }) => {
    const removal = state.removal(first.map(({ unit }) => unit));
    return removal === null ? [] : [{ state, energy, removal }];
  });
  if (first.length === 0 || removals.length < readers.length) return null;
  const costs = first.map((_, place) =>
    removals.reduce((sum, { energy, removal }) => sum + (removal.costs[place] ?? 0) / energy, 0),
  );
  const limit = tolerance * (ranking[first.length]?.cost ?? Infinity);
  const tooMuch = costs.findIndex((cost, place) => place > 0 && cost > limit);
  const count = tooMuch === -1 ? costs.length : tooMuch;
  for (const { state, removal } of removals) state.apply(removal, count);
  return costs.slice(0, count);
}
