import type { BenchResult, Point } from '../bench/bench-result.ts';
import type { LabeledPoint } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { count, formatNumber } from './units.ts';

/** Whether outputs agree with the CPU's and with expected data, a line a provider and question. */
export function outputFacts({ points }: BenchResult): readonly Fact[] {
  const providers = [...new Set(points.map((point) => point.ep))];
  return providers.flatMap((ep) => {
    const own = points.filter((point) => point.ep === ep);
    return [
      ...outputFact(
        ep,
        "the CPU's",
        own.map((point) => ({ matches: point.outputsMatchCpu, point })),
      ),
      ...outputFact(
        ep,
        'the expected data',
        own.map((point) => ({ matches: point.outputsMatchExpected, point })),
      ),
    ];
  });
}

interface Answer {
  readonly matches: boolean | null;
  readonly point: Point;
}

function outputFact(ep: string, what: string, answers: readonly Answer[]): readonly Fact[] {
  const known = answers.filter(({ matches }) => matches !== null);
  if (known.length === 0) return [];
  const wrong = known.filter(({ matches }) => matches === false);
  if (wrong.length === 0)
    return [{ label: 'Outputs', text: `${ep} matches ${what} at ${count(known.length, 'point')}` }];
  const largest = Math.max(0, ...wrong.map(({ point }) => point.outputDifference?.maxAbs ?? 0));
  const amount = largest === 0 ? '' : `, by up to ${formatNumber(largest)}`;
  const text = `${ep} differs from ${what} at ${wrong.length} of ${count(known.length, 'point')}${amount}`;
  return [{ label: 'Outputs', text }];
}

/** Where the nodes of each model ran, for every provider but the CPU. */
export function placementFacts(rows: readonly LabeledPoint[]): readonly Fact[] {
  const lines = rows.flatMap(({ label, point: { ep, placement } }) => {
    if (placement === null) return [];
    const total = placement.reduce((sum, { nodes }) => sum + nodes, 0);
    const onCpu = placement.filter(({ provider }) => /cpu/i.test(provider)).reduce((sum, { nodes }) => sum + nodes, 0);
    return [`${label} on ${ep}: ${onCpu} of ${count(total, 'node')} fell back to the CPU`];
  });
  return [...new Set(lines)].map((text) => ({ label: 'Placement', text }));
}
