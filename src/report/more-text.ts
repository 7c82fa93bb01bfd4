import { count } from './units.ts';

/** `… 12 more operators` for a list that was cut; null for one that is whole. */
export function moreText({ of, shown, noun }: { of: number; shown: number; noun: string }): string | null {
  const rest = of - shown;
  return rest > 0 ? `… ${count(rest, `more ${noun}`)}` : null;
}
