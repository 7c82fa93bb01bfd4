import type { GateCell } from '../gate-result.ts';
import type { Waiver } from '../gate-rule.ts';
import type { Judgement } from './draft.ts';

/** A regression that is known counts for nothing until its day, that day included. Days are `2026-12-31`. */
export function waive(
  verdict: Judgement['verdict'],
  waiver: Waiver | null,
  today: string,
): Pick<GateCell, 'verdict' | 'waived'> {
  const counts = waiver === null || isExpired(waiver, today) || (verdict !== 'fail' && verdict !== 'inconclusive');
  return counts ? { verdict, waived: null } : { verdict: 'waived', waived: verdict };
}

export function isExpired({ until }: Waiver, today: string): boolean {
  return today > until;
}
