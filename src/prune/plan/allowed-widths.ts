import type { GroupKind } from '../groups/prune-group.ts';

export interface WidthRules {
  readonly units: number;
  readonly kind: GroupKind;
  /** Whether a convolution makes, reads or passes on the units. */
  readonly touchesConv: boolean;
  /** Channels of the convolution that one unit stands for, as in a grouped one; 1 unless given. */
  readonly channelsPerUnit?: number;
  /** Channels (or neurons) that widths are multiples of; null where nobody asked. */
  readonly roundTo: number | null;
}

/** Channels that onnxruntime's blocked convolutions take together, on the widest of machines. */
const defaultRoundTo = 16;

/**
 * Counts of units that a group may keep, ascending, the last one being all of them; never 0. Convolutions keep multiples
 * of `roundTo` channels, small ones of 8 or 4: others leave the runtime's blocked layout and run slower than before
 * (measured: a net of depthwise convolutions at odd widths takes 1.5 times the time of the unpruned one). Products have
 * no such steps, nor have heads.
 */
export function allowedWidths(rules: WidthRules): readonly number[] {
  const { units, channelsPerUnit = 1 } = rules;
  const step = stepOf(rules, units * channelsPerUnit);
  const widths: number[] = [];
  for (let kept = 1; kept < units; kept++) if ((kept * channelsPerUnit) % step === 0) widths.push(kept);
  return [...widths, units];
}

function stepOf({ kind, touchesConv, roundTo }: WidthRules, channels: number): number {
  if (kind === 'heads') return 1;
  if (kind !== 'channels' && !touchesConv) return roundTo ?? 1;
  const wanted = leastMultipleOfBoth(roundTo ?? defaultRoundTo, 4);
  if (channels >= 2 * wanted) return wanted;
  return Math.min(wanted, channels < 16 ? 4 : 8);
}

function leastMultipleOfBoth(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}

/** The allowed width next to a wanted one; of two as near the wider. Throws RangeError where nothing is allowed. */
export function nearestWidth(allowed: readonly number[], wanted: number): number {
  let nearest: number | null = null;
  for (const width of allowed)
    if (nearest === null || Math.abs(width - wanted) <= Math.abs(nearest - wanted)) nearest = width;
  if (nearest === null) throw new RangeError('a group with no allowed width');
  return nearest;
}
