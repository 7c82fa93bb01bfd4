import type { GateCell, GateVerdict } from './gate-result.ts';

/** The gravest first; what is waived or only warns decides nothing. A gate that judged nothing passed nothing. */
const byGravity = ['fail', 'inconclusive', 'incomparable', 'new', 'pass'] as const;

export function gateVerdict(cells: readonly Pick<GateCell, 'verdict' | 'severity'>[]): GateVerdict {
  if (cells.length === 0) return 'inconclusive';
  const counting = cells.filter(({ severity }) => severity === 'fail');
  return byGravity.find((verdict) => counting.some((cell) => cell.verdict === verdict)) ?? 'pass';
}
